//! What the light client knows, and how an update changes it.

use alloc::vec::Vec;

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;
use weft_beacon_proofs::{BeaconHeader, Fork, Network, indices::is_valid_branch};
use weft_ethereum_proofs::Header;

use crate::{
    containers::{MAX_COMMITTEE, SyncCommittee, signing_root},
    crypto::{Crypto, Hasher},
    update::{Branch, ExecutionProof, Update},
};

/// Bytes of a decompressed key.
const KEY_BYTES: usize = 96;

/// A committee whose keys were found to be keys.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Committee {
    /// The root of the [`SyncCommittee`] that it was made from.
    pub root: H256,
    /// The keys, decompressed: 96 bytes each.
    pub keys: BoundedVec<u8, ConstU32<{ MAX_COMMITTEE * KEY_BYTES as u32 }>>,
}

impl Committee {
    /// Decompresses a committee's keys; `None` if one is none.
    pub fn prepare<C: Crypto>(committee: &SyncCommittee) -> Option<Self> {
        Some(Self {
            root: committee.root::<C>(),
            keys: C::decompress(&committee.keys)?.try_into().ok()?,
        })
    }

    /// How many members it has.
    pub fn size(&self) -> usize {
        self.keys.len() / KEY_BYTES
    }
}

/// Where a light client starts: `LightClientBootstrap`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Checkpoint {
    /// A header that is trusted to be final.
    pub header: BeaconHeader,
    /// The committee of its period.
    pub committee: SyncCommittee,
    /// The branch from the committee's root to the header's state root.
    pub branch: Branch,
    /// The execution block of the header; there is none before Capella.
    pub execution: Option<ExecutionProof>,
}

/// What a final beacon block says of Ethereum's execution chain.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Anchor {
    /// Slot of the beacon block. From Gloas on the execution block is the last one delivered before it.
    pub slot: u64,
    /// Root of the beacon block.
    pub beacon_root: H256,
    /// Number of the execution block.
    pub number: u64,
    /// Its hash.
    pub hash: H256,
    /// Hash of the block before.
    pub parent_hash: H256,
    /// Root of the state after it.
    pub state_root: H256,
    /// Root of its receipts.
    pub receipts_root: H256,
    /// RANDAO mix of the slot before it was made.
    pub randao: H256,
    /// Its time, in seconds since 1970.
    pub timestamp: u64,
}

/// What the light client knows.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Store {
    /// The newest final header.
    pub finalized: BeaconHeader,
    /// The committee of its period.
    pub current: Committee,
    /// The committee of the period after, if it is known.
    pub next: Option<Committee>,
}

/// Why a checkpoint or an update was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// The number of members or of bits is not that of the preset.
    #[error("the committee has not as many members as the network's preset says")]
    CommitteeSize,
    /// Fewer than two thirds of the committee signed.
    #[error("fewer than two thirds of the committee signed")]
    Participation,
    /// Slots do not rise from finalized to attested to signature.
    #[error("slots must rise: finalized, attested, signature")]
    UnorderedSlots,
    /// The signature is of a slot that has not come yet.
    #[error("the signature is of a slot in the future")]
    FutureSlot,
    /// No fork of the schedule holds at one of the slots.
    #[error("the schedule has no fork at one of the slots")]
    UnknownFork,
    /// It was signed by a committee that is not known: updates of the periods between are missing.
    #[error("it is of a period whose committee is not known; bring the updates of the periods between first")]
    UnknownPeriod,
    /// It brings nothing new.
    #[error("nothing in it is newer than what is known")]
    Irrelevant,
    /// The finalized header is not the attested state's.
    #[error("the finality branch does not lead to the attested state")]
    FinalityBranch,
    /// The next committee is not the attested state's.
    #[error("the branch of the next committee does not lead to the attested state")]
    NextCommitteeBranch,
    /// The next committee is another than the one that is known.
    #[error("the next committee is not the one that is known")]
    NextCommittee,
    /// The committee is not that of the checkpoint's state.
    #[error("the branch of the committee does not lead to the checkpoint's state")]
    CommitteeBranch,
    /// There is no execution block where there must be one, or one before Capella.
    #[error("an execution block belongs to every final header from Capella on, and to none before")]
    ExecutionPresence,
    /// The bytes are not the header of an execution block.
    #[error("the execution block's header cannot be read")]
    MalformedExecutionHeader,
    /// The execution block is not that of the finalized header.
    #[error("the branch of the execution block does not lead to the finalized block's body")]
    ExecutionBranch,
    /// The signature is not the committee's.
    #[error("the committee's signature is wrong")]
    Signature,
    /// A member's key is no key.
    #[error("a key of the committee is not a key")]
    MalformedKey,
}

/// What an update changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The execution block of the new final header, if that moved and there is one.
    pub anchor: Option<Anchor>,
    /// By how many slots the final header moved.
    pub slots: u64,
    /// The next committee was unknown and is known now.
    pub learned_committee: bool,
}

fn leads<C: Crypto>(leaf: H256, branch: &Branch, index: u64, root: H256) -> bool {
    is_valid_branch(&Hasher::<C>::NEW, leaf, branch, index, root)
}

/// Checks which execution block a final header stands for.
fn anchor<C: Crypto>(
    network: &Network,
    header: &BeaconHeader,
    proof: Option<&ExecutionProof>,
) -> Result<Option<Anchor>, UpdateError> {
    let fork = fork_at(network, header.slot)?;
    let (index, proof) = match (fork.indices().execution_hash, proof) {
        (None, None) => return Ok(None),
        (Some(index), Some(proof)) => (index, proof),
        _ => return Err(UpdateError::ExecutionPresence),
    };
    let execution = Header::decode(&proof.header).map_err(|_| UpdateError::MalformedExecutionHeader)?;
    if !leads::<C>(execution.hash, &proof.branch, index, header.body_root) {
        return Err(UpdateError::ExecutionBranch);
    }
    Ok(Some(Anchor {
        slot: header.slot,
        beacon_root: header.root(&Hasher::<C>::NEW),
        number: execution.number,
        hash: execution.hash,
        parent_hash: execution.parent_hash,
        state_root: execution.state_root,
        receipts_root: execution.receipts_root,
        randao: execution.randao,
        timestamp: execution.timestamp,
    }))
}

fn fork_at(network: &Network, slot: u64) -> Result<Fork, UpdateError> {
    let start = network.fork_at(slot).ok_or(UpdateError::UnknownFork)?;
    Ok(start.fork)
}

/// Whose committee signed an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// That of the period of the newest final header.
    Current,
    /// That of the period after.
    Next,
}

/// Checks what can be checked of an update without its proofs, given the newest final header and whether the next committee is
/// known: participation, slots, period, and that it brings something new (1 to 4 of section 3 of the page). Whose committee signed it.
///
/// # Errors
/// The first check that fails.
pub fn is_relevant(
    network: &Network,
    known: &BeaconHeader,
    next_is_known: bool,
    now: u64,
    update: &Update,
) -> Result<Period, UpdateError> {
    let members = network.preset.committee_size();
    if update.participation.len() * 8 != members {
        return Err(UpdateError::CommitteeSize);
    }
    if 3 * update.participants() < 2 * members {
        return Err(UpdateError::Participation);
    }
    let (attested, finalized) = (update.attested.slot, update.finalized.slot);
    if update.signature_slot <= attested || attested < finalized || finalized == 0 {
        return Err(UpdateError::UnorderedSlots);
    }
    if update.signature_slot > now {
        return Err(UpdateError::FutureSlot);
    }
    let period = |slot| network.preset.period(slot);
    let current = period(known.slot);
    let signed_by = match period(update.signature_slot).checked_sub(current) {
        Some(0) => Period::Current,
        Some(1) if next_is_known => Period::Next,
        _ => return Err(UpdateError::UnknownPeriod),
    };
    let is_within = period(attested) == current && period(finalized) == current;
    let brings_committee = !next_is_known && update.next_committee.is_some() && is_within;
    if finalized <= known.slot && !brings_committee {
        return Err(UpdateError::Irrelevant);
    }
    Ok(signed_by)
}

impl Store {
    /// What a light client knows that trusts a checkpoint, and the execution block of its header.
    ///
    /// # Errors
    /// When the committee is not that of the header's state, or the execution block not the header's.
    pub fn bootstrap<C: Crypto>(
        network: &Network,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, Option<Anchor>), UpdateError> {
        let Checkpoint {
            header,
            committee,
            branch,
            execution,
        } = checkpoint;
        if committee.keys.len() != network.preset.committee_size() {
            return Err(UpdateError::CommitteeSize);
        }
        let index = fork_at(network, header.slot)?.indices().current_committee;
        if !leads::<C>(committee.root::<C>(), branch, index, header.state_root) {
            return Err(UpdateError::CommitteeBranch);
        }
        let anchor = anchor::<C>(network, header, execution.as_ref())?;
        let current = Committee::prepare::<C>(committee).ok_or(UpdateError::MalformedKey)?;
        let store = Self {
            finalized: *header,
            current,
            next: None,
        };
        Ok((store, anchor))
    }

    /// The period of the newest final header.
    pub fn period(&self, network: &Network) -> u64 {
        network.preset.period(self.finalized.slot)
    }

    /// Checks an update at slot `now`, and takes what it brings. Unchanged if it is refused.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn apply<C: Crypto>(
        &mut self,
        network: &Network,
        now: u64,
        update: &Update,
    ) -> Result<Progress, UpdateError> {
        let anchor = self.check::<C>(network, now, update)?;
        let period = |slot| network.preset.period(slot);
        let learned = |period_of: u64| match &update.next_committee {
            Some((committee, _)) if period(update.attested.slot) == period_of => {
                let prepared = Committee::prepare::<C>(committee);
                prepared.map(Some).ok_or(UpdateError::MalformedKey)
            }
            _ => Ok(None),
        };
        let known = self.period(network);
        let learned_committee;
        if period(update.finalized.slot) > known {
            // The check saw that this is the period after, and that its committee is known.
            let next = learned(known + 1)?;
            learned_committee = next.is_some();
            if let Some(current) = core::mem::replace(&mut self.next, next) {
                self.current = current;
            }
        } else if self.next.is_none() {
            self.next = learned(known)?;
            learned_committee = self.next.is_some();
        } else {
            learned_committee = false;
        }
        let slots = update.finalized.slot.saturating_sub(self.finalized.slot);
        if slots > 0 {
            self.finalized = update.finalized;
        }
        Ok(Progress {
            anchor: anchor.filter(|_| slots > 0),
            slots,
            learned_committee,
        })
    }

    /// Every check of section 3 of the page, in its order; the execution block of the finalized header.
    fn check<C: Crypto>(
        &self,
        network: &Network,
        now: u64,
        update: &Update,
    ) -> Result<Option<Anchor>, UpdateError> {
        let members = network.preset.committee_size();
        let signed_by = is_relevant(network, &self.finalized, self.next.is_some(), now, update)?;
        let signers = match (signed_by, &self.next) {
            (Period::Next, Some(next)) => next,
            _ => &self.current,
        };
        let Update {
            attested,
            finalized,
            signature_slot,
            ..
        } = update;
        let period = |slot| network.preset.period(slot);
        let known = self.period(network);
        let indices = fork_at(network, attested.slot)?.indices();
        let finalized_root = finalized.root(&Hasher::<C>::NEW);
        if !leads::<C>(
            finalized_root,
            &update.finality_branch,
            indices.finalized_root,
            attested.state_root,
        ) {
            return Err(UpdateError::FinalityBranch);
        }
        if let Some((committee, branch)) = &update.next_committee {
            if committee.keys.len() != members {
                return Err(UpdateError::CommitteeSize);
            }
            let root = committee.root::<C>();
            if !leads::<C>(root, branch, indices.next_committee, attested.state_root) {
                return Err(UpdateError::NextCommitteeBranch);
            }
            let other = self.next.as_ref().is_some_and(|next| next.root != root);
            if period(attested.slot) == known && other {
                return Err(UpdateError::NextCommittee);
            }
        }
        let anchor = anchor::<C>(network, finalized, update.execution.as_ref())?;

        let signed_in = network
            .fork_at(signature_slot.saturating_sub(1))
            .ok_or(UpdateError::UnknownFork)?;
        let message = signing_root::<C>(
            attested.root(&Hasher::<C>::NEW),
            signed_in.version,
            network.genesis_validators_root,
        );
        let keys: Vec<u8> = signers
            .keys
            .chunks_exact(KEY_BYTES)
            .enumerate()
            .filter(|(member, _)| update.signed(*member))
            .flat_map(|(_, key)| key)
            .copied()
            .collect();
        if signers.size() != members || !C::verify(&keys, &message, &update.signature) {
            return Err(UpdateError::Signature);
        }
        Ok(anchor)
    }
}
