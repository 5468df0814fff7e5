//! What gateways on Ethereum did: relayers paid, signers of lies punished.

use alloc::{vec, vec::Vec};
use frame_support::{
    parameter_types,
    traits::{ConstU32, Get},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_gateways::{OwnCommitments, ReportError};
use pallet_validators::WeightInfo as ValidatorsWeightInfo;
use sp_consensus_beefy::{AncestryHelper, AncestryHelperWeightInfo, Commitment, Payload, known_payloads};
use sp_runtime::{
    Perbill,
    traits::{Convert, ConvertInto},
};
use sp_staking::{
    SessionIndex,
    offence::{Kind, Offence, OffenceError, ReportOffence},
};
use weft_primitives::GraphId;

use super::{
    ancestry::{HeaderBytes, ShownHeader, ShownHeaders, decode_header},
    consensus::{MaxAuthorities, RememberedSets},
    validators::BondingSessions,
};
use crate::{
    AccountId, Balance, Balances, DataBus, Hash, Header, Mmr, Outbox, Runtime, Session, System, Validators,
    currency::MILLIWEFT,
};

type DbWeight = <Runtime as frame_system::Config>::DbWeight;

parameter_types! {
    /// The least reward and tip: more than a claim with a small receipt costs.
    pub const MinimumReward: Balance = 100 * MILLIWEFT;
    /// 28 days.
    pub const RewardPeriod: u64 = 28 * 7_200;
}

impl pallet_gateways::Config for Runtime {
    type Currency = Balances;
    type OwnerOf = OwnerOf;
    type DataBus = DataBus;
    type Clock = DataBus;
    type Outbox = Outbox;
    type AccountOf = ConvertInto;
    type Commitments = BeefyCommitments;
    type RegisterOrigin = EnsureRoot<AccountId>;
    type MinimumReward = MinimumReward;
    type RewardPeriod = RewardPeriod;
    type MaxPayers = ConstU32<4>;
    type HandoverWindow = RememberedSets;
    type MaxEvents = ConstU32<64>;
    type WeightInfo = pallet_gateways::weights::SubstrateWeight<Runtime>;
}

/// The owner of a zkGraph, retired or not.
pub struct OwnerOf;
impl Convert<GraphId, Option<AccountId>> for OwnerOf {
    fn convert(graph: GraphId) -> Option<AccountId> {
        pallet_zkgraph_registry::Registered::<Runtime>::get(graph).map(|graph| graph.owner)
    }
}

/// BEEFY's commitments.
pub struct BeefyCommitments;

/// Shows what MMR root a block had: one of the newest headers, and the block's own under the root in that one's digest.
pub type RootProof = (HeaderBytes, ShownHeader);

impl OwnCommitments<AccountId> for BeefyCommitments {
    type Proof = RootProof;

    fn weight(proof: Option<&RootProof>) -> Weight {
        let shown = proof.map_or(Weight::zero(), |(newer, shown)| {
            let read = Weight::from_parts(20_000, 0).saturating_mul(newer.len() as u64);
            let other = <ShownHeaders as AncestryHelperWeightInfo<Header>>::is_non_canonical(shown);
            let context = <ShownHeaders as AncestryHelperWeightInfo<Header>>::extract_validation_context();
            read.saturating_add(other).saturating_add(context)
        });
        // Each of the signers may be slashed, and `pallet-offences` keeps a report of each. The slashes add their weight once more when they are done; what
        // there must be room for has to be known before.
        let slash = <<Runtime as pallet_validators::Config>::WeightInfo as ValidatorsWeightInfo>::slash(
            <Runtime as pallet_validators::Config>::MaxCandidates::get(),
            1,
        );
        let each = slash.saturating_add(DbWeight::get().reads_writes(3, 3));
        shown
            .saturating_add(each.saturating_mul(u64::from(<MaxAuthorities as Get<u32>>::get())))
            .saturating_add(DbWeight::get().reads(5))
    }

    fn is_other_root(number: u32, root: Hash, proof: Option<RootProof>) -> bool {
        let now = System::block_number();
        // A block is signed when it is final, so whoever signed one that is still to come signed another chain's.
        if number >= now {
            return number > now || Mmr::mmr_root() != root;
        }
        let Some((newer, shown)) = proof else {
            return false;
        };
        let commitment = Commitment {
            payload: Payload::from_single_entry(known_payloads::MMR_ROOT_ID, root.0.to_vec()),
            block_number: number,
            validator_set_id: 0,
        };
        let newer = decode_header(&newer);
        let context = newer.and_then(<ShownHeaders as AncestryHelper<Header>>::extract_validation_context);
        context.is_some_and(|context| {
            <ShownHeaders as AncestryHelper<Header>>::is_non_canonical(&commitment, shown, context)
        })
    }

    fn report(
        reporter: AccountId,
        set: u64,
        number: u32,
        places: impl Iterator<Item = usize>,
    ) -> Result<(), ReportError> {
        let session = pallet_beefy::SetIdSession::<Runtime>::get(set).ok_or(ReportError::UnknownSet)?;
        let age = Session::current_index().checked_sub(session);
        if age.is_none_or(|age| age > BondingSessions::get()) {
            return Err(ReportError::UnknownSet);
        }
        // BEEFY's authorities are the validators of the session, in their order.
        let chosen = pallet_validators::Chosen::<Runtime>::get(session);
        let offenders: Vec<AccountId> = places
            .filter_map(|place| chosen.get(place).map(|(who, _)| who.clone()))
            .collect();
        if offenders.is_empty() {
            return Err(ReportError::UnknownSet);
        }
        let offence = AcceptedLie {
            offenders,
            session,
            validators: chosen.len() as u32,
            slot: (set, number),
        };
        <Validators as ReportOffence<_, _, AcceptedLie>>::report_offence(vec![reporter], offence).map_err(
            |error| match error {
                OffenceError::DuplicateReport => ReportError::Duplicate,
                OffenceError::Other(_) => ReportError::UnknownSet,
            },
        )
    }
}

/// The signing of a commitment that a gateway accepted and that disagrees with this chain.
pub struct AcceptedLie {
    offenders: Vec<AccountId>,
    session: SessionIndex,
    validators: u32,
    /// The set and the block that was signed.
    slot: (u64, u32),
}

impl Offence<AccountId> for AcceptedLie {
    const ID: Kind = *b"weft:acceptedlie";
    type Slot = (u64, u32);

    fn offenders(&self) -> Vec<AccountId> {
        self.offenders.clone()
    }

    fn session_index(&self) -> SessionIndex {
        self.session
    }

    fn validator_set_count(&self) -> u32 {
        self.validators
    }

    fn slot(&self) -> Self::Slot {
        self.slot
    }

    /// Everything: two thirds of the set have signed, and results that Weft never settled may have been delivered by it.
    fn slash_fraction(&self, _: u32) -> Perbill {
        Perbill::one()
    }
}
