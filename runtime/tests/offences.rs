//! Whoever signs two truths in a consensus protocol is reported, slashed, and loses its place. Evidence that does not hold costs nobody anything.

mod chain;

use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_consensus_beefy::{
    Commitment, DoubleVotingProof, FutureBlockVotingProof, Payload, VoteMessage, ecdsa_crypto,
};
use sp_core::{H256, Pair, ecdsa, ed25519, sr25519};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{DigestItem, Perbill, traits::Header as _};
use weft_primitives::keccak256;
use weft_runtime::{
    Balances, Beefy, Grandpa, Header, Runtime, RuntimeHoldReason, RuntimeOrigin, Session, configs::consensus,
    currency::WEFT,
};

type Vote = VoteMessage<u32, ecdsa_crypto::AuthorityId, ecdsa_crypto::Signature>;

/// What each validator of the local test network has bonded.
const BOND: u128 = 100_000 * WEFT;

fn held() -> u128 {
    let reason = RuntimeHoldReason::Validators(pallet_validators::HoldReason::ValidatorBond);
    Balances::balance_on_hold(&reason, &Bob.to_account_id())
}

fn reporter() -> RuntimeOrigin {
    RuntimeOrigin::signed(Alice.to_account_id())
}

/// The proof that a key is a validator's, as a node gets it.
fn owner(key_type: sp_core::crypto::KeyTypeId, key: impl AsRef<[u8]>) -> consensus::KeyOwnerProof {
    use frame_support::traits::KeyOwnerProofSystem;
    weft_runtime::Validators::prove((key_type, key)).expect("a validator's key")
}

/// A vote of BEEFY's validator `//NAME` for a block with this MMR root.
fn vote(name: &str, block_number: u32, root: u8) -> Vote {
    let pair = ecdsa::Pair::from_string(name, None).unwrap();
    let commitment = Commitment {
        payload: Payload::from_single_entry(*b"mh", vec![root; 32]),
        block_number,
        validator_set_id: 0,
    };
    let signature = pair.sign_prehashed(&keccak256(&commitment.encode()).0);
    Vote {
        commitment,
        id: pair.public().into(),
        signature: signature.into(),
    }
}

/// Bob has lost so many percent, his place and his turn.
fn assert_punished(lost: Perbill) {
    assert_eq!(held(), BOND - lost.mul_floor(BOND));
    let candidates = pallet_validators::Candidates::<Runtime>::get();
    assert!(!candidates.contains(&Bob.to_account_id()));
    assert_eq!(Session::disabled_validators(), [1]);
}

fn double_vote(
    first: Vote,
    second: Vote,
) -> Box<DoubleVotingProof<u32, ecdsa_crypto::AuthorityId, ecdsa_crypto::Signature>> {
    Box::new(DoubleVotingProof { first, second })
}

#[test]
fn two_votes_of_beefy_for_one_block_cost_a_part_that_grows_with_the_offenders() {
    chain::of_preset("local_testnet").execute_with(|| {
        let proof = double_vote(vote("//Bob", 7, 1), vote("//Bob", 7, 2));
        let key = owner(sp_consensus_beefy::KEY_TYPE, proof.first.id.clone());
        let before = Balances::free_balance(Alice.to_account_id());
        assert_ok!(Beefy::report_double_voting(
            reporter(),
            proof.clone(),
            key.clone()
        ));
        // (3 · 1 / 4)².
        let lost = Perbill::from_rational(9_u32, 16);
        assert_punished(lost);
        let reward = Perbill::from_percent(10).mul_floor(lost.mul_floor(BOND));
        assert_eq!(Balances::free_balance(Alice.to_account_id()), before + reward);
        assert_noop!(
            Beefy::report_double_voting(reporter(), proof, key),
            pallet_beefy::Error::<Runtime>::DuplicateOffenceReport
        );
    });
}

#[test]
fn a_vote_of_beefy_for_a_block_that_is_not_there_costs_half() {
    chain::of_preset("local_testnet").execute_with(|| {
        let vote = vote("//Bob", 1_000_000, 1);
        let key = owner(sp_consensus_beefy::KEY_TYPE, vote.id.clone());
        let proof = Box::new(FutureBlockVotingProof { vote });
        assert_ok!(Beefy::report_future_block_voting(reporter(), proof, key));
        assert_punished(Perbill::from_percent(50));
    });
}

#[test]
fn votes_that_are_no_offence_or_not_signed_cost_nothing() {
    chain::of_preset("local_testnet").execute_with(|| {
        let key = owner(sp_consensus_beefy::KEY_TYPE, vote("//Bob", 7, 1).id);
        let mut forged = vote("//Bob", 7, 2);
        forged.signature = vote("//Charlie", 7, 2).signature;
        let proofs = [
            double_vote(vote("//Bob", 7, 1), vote("//Bob", 7, 1)),
            double_vote(vote("//Bob", 7, 1), vote("//Bob", 8, 2)),
            double_vote(vote("//Bob", 7, 1), vote("//Charlie", 7, 2)),
            double_vote(vote("//Bob", 7, 1), forged),
        ];
        for proof in proofs {
            assert_noop!(
                Beefy::report_double_voting(reporter(), proof, key.clone()),
                pallet_beefy::Error::<Runtime>::InvalidDoubleVotingProof
            );
        }
        // The number of validators decides how much is taken.
        let mut of_few = key;
        of_few.validator_count = 1;
        let proof = double_vote(vote("//Bob", 7, 1), vote("//Bob", 7, 2));
        assert_noop!(
            Beefy::report_double_voting(reporter(), proof, of_few),
            pallet_beefy::Error::<Runtime>::InvalidKeyOwnershipProof
        );
        assert_eq!(held(), BOND);
    });
}

#[test]
fn a_key_that_is_no_validators_belongs_to_nobody() {
    use frame_support::traits::KeyOwnerProofSystem;
    chain::of_preset("local_testnet").execute_with(|| {
        let proof = double_vote(vote("//Eve", 7, 1), vote("//Eve", 7, 2));
        let bobs = owner(sp_consensus_beefy::KEY_TYPE, vote("//Bob", 7, 1).id);
        let hers = weft_runtime::Validators::prove((sp_consensus_beefy::KEY_TYPE, proof.first.id.clone()));
        for key in std::iter::once(bobs).chain(hers) {
            assert_noop!(
                Beefy::report_double_voting(reporter(), proof.clone(), key),
                pallet_beefy::Error::<Runtime>::InvalidKeyOwnershipProof
            );
        }
    });
}

#[test]
fn two_votes_of_grandpa_in_one_round_are_punished() {
    use sp_consensus_grandpa::{Equivocation, EquivocationProof, localized_payload};
    chain::of_preset("local_testnet").execute_with(|| {
        let pair = ed25519::Pair::from_string("//Bob", None).unwrap();
        let id = sp_consensus_grandpa::AuthorityId::from(pair.public());
        let prevote = |block: u8| {
            let message = finality_grandpa::Prevote {
                target_hash: H256::repeat_byte(block),
                target_number: 7_u32,
            };
            let payload = localized_payload(3, 0, &finality_grandpa::Message::Prevote(message.clone()));
            let signature = sp_consensus_grandpa::AuthoritySignature::from(pair.sign(&payload));
            (message, signature)
        };
        let equivocation = |first, second| {
            EquivocationProof::new(
                0,
                Equivocation::Prevote(finality_grandpa::Equivocation {
                    round_number: 3,
                    identity: id.clone(),
                    first,
                    second,
                }),
            )
        };
        let key = owner(sp_consensus_grandpa::KEY_TYPE, id.clone());
        assert_noop!(
            Grandpa::report_equivocation(
                reporter(),
                Box::new(equivocation(prevote(1), prevote(1))),
                key.clone()
            ),
            pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof
        );
        let proof = Box::new(equivocation(prevote(1), prevote(2)));
        assert_ok!(Grandpa::report_equivocation(reporter(), proof, key));
        assert_punished(Perbill::from_rational(9_u32, 16));
    });
}

/// A block of BABE's validator `//Bob` in slot 9, with this state.
fn sealed(state: u8) -> Header {
    let pair = sr25519::Pair::from_string("//Bob", None).unwrap();
    let digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
        authority_index: 1,
        slot: 9.into(),
    });
    let mut header = Header::new(
        7,
        H256::zero(),
        H256::repeat_byte(state),
        H256::zero(),
        sp_runtime::Digest {
            logs: vec![<DigestItem as CompatibleDigestItem>::babe_pre_digest(digest)],
        },
    );
    let signature = pair.sign(header.hash().as_ref());
    header
        .digest_mut()
        .push(<DigestItem as CompatibleDigestItem>::babe_seal(signature.into()));
    header
}

#[test]
fn two_blocks_of_babe_for_one_slot_are_punished() {
    chain::of_preset("local_testnet").execute_with(|| {
        let id =
            sp_consensus_babe::AuthorityId::from(sr25519::Pair::from_string("//Bob", None).unwrap().public());
        let key = owner(sp_consensus_babe::KEY_TYPE, id.clone());
        let proof = |first, second| {
            Box::new(sp_consensus_babe::EquivocationProof {
                offender: id.clone(),
                slot: 9.into(),
                first_header: first,
                second_header: second,
            })
        };
        let once = sealed(1);
        assert_noop!(
            weft_runtime::Babe::report_equivocation(reporter(), proof(once.clone(), once), key.clone()),
            pallet_babe::Error::<Runtime>::InvalidEquivocationProof
        );
        assert_ok!(weft_runtime::Babe::report_equivocation(
            reporter(),
            proof(sealed(1), sealed(2)),
            key
        ));
        assert_punished(Perbill::from_rational(9_u32, 16));
    });
}
