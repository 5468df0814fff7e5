//! What a proof is about, and the message that follows from it. `docs/decisions/settlement.md` says who checks
//! each field.

use alloc::vec::Vec;
use alloy_sol_types::SolValue;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

use crate::{GraphId, JobId, MAX_PAYLOAD_BYTES, MAX_SOURCES, Outcome, abi, keccak256};

/// The version of [`Statement`] that this crate encodes.
pub const STATEMENT_VERSION: u16 = 1;

/// What a run hands to its destination: the calldata after the selector.
pub type Payload = BoundedVec<u8, ConstU32<MAX_PAYLOAD_BYTES>>;
/// The sources of a run.
pub type Sources = BoundedVec<Source, ConstU32<MAX_SOURCES>>;

/// What a source holds of its blocks. The discriminants are those of the encoding.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
#[repr(u8)]
pub enum SourceKind {
    /// Every matching event of the blocks; none can be missing.
    #[codec(index = 1)]
    Events = 1,
    /// Every matching event of certain transactions of one block, which the offer of the run names.
    #[codec(index = 2)]
    TransactionEvents = 2,
    /// Accounts and slots of their storage, after one block.
    #[codec(index = 3)]
    Storage = 3,
    /// Certain transactions of one block, which the offer of the run names.
    #[codec(index = 4)]
    Transactions = 4,
    /// The state of another zkGraph. Chain and blocks are 0, and the block's hash is the state's digest.
    #[codec(index = 5)]
    State = 5,
    /// Fields of the beacon block before one block, and of the state after it.
    #[codec(index = 6)]
    Beacon = 6,
    /// Headers of those blocks that may have matching events.
    #[codec(index = 7)]
    Headers = 7,
}

/// Something that a run read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Source {
    /// What of the blocks was read.
    pub kind: SourceKind,
    /// EIP-155 id of the chain that was read.
    pub chain_id: u64,
    /// First block of the range.
    pub first_block: u64,
    /// Last block of the range, inclusive.
    pub last_block: u64,
    /// Hash of the last block.
    pub block_hash: H256,
    /// Digest of what was asked for: see [`crate::query::Query::digest`].
    pub filter: H256,
    /// keccak256 of the section of the input that was made from this source.
    pub root: H256,
}

/// Where results go. All zero: nowhere.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Destination {
    /// EIP-155 id of the chain that the gateway is on.
    pub chain_id: u64,
    /// The gateway that may deliver.
    pub gateway: H160,
    /// The contract that is called.
    pub target: H160,
    /// The function that is called.
    pub selector: [u8; 4],
    /// Gas given to the call.
    pub gas_limit: u64,
}

/// What a proof shows, complete: the proof is valid for this statement and no other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Statement {
    /// [`STATEMENT_VERSION`].
    pub version: u16,
    /// Hash of Weft's genesis block.
    pub weft_genesis: H256,
    /// The zkGraph.
    pub graph: GraphId,
    /// Digest of its manifest when the run was locked.
    pub manifest: H256,
    /// The proof system: 1 is zkWASM.
    pub proof_system: u16,
    /// keccak256 of the verifying key.
    pub key: H256,
    /// keccak256 of the program commitment.
    pub image: H256,
    /// keccak256 of the input bytes.
    pub input_digest: H256,
    /// keccak256 of the state before the run.
    pub prior_state: H256,
    /// keccak256 of the state after the run.
    pub next_state: H256,
    /// What the run hands to its destination. Empty for a trapped run.
    pub output: Payload,
    /// How the run ended.
    pub outcome: Outcome,
    /// Executed instructions.
    pub steps: u64,
    /// What the run read.
    pub sources: Sources,
    /// Where the output goes; all zero if nowhere.
    pub destination: Destination,
    /// [`context`] of the job and the prover.
    pub context: H256,
}

impl Statement {
    /// keccak256 of the ABI encoding.
    pub fn digest(&self) -> H256 {
        keccak256(&abi::Statement::from(self).abi_encode())
    }
}

/// What ties a proof to one job and one account, so that it is of no use to whoever copies it:
/// keccak256(abi.encode(uint64 job, bytes32 prover)).
pub fn context(job: JobId, prover: &[u8; 32]) -> H256 {
    keccak256(&(job, alloy_primitives::B256::from(*prover)).abi_encode_params())
}

/// A settled result on its way to Ethereum.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Message {
    /// Hash of Weft's genesis block.
    pub weft_genesis: H256,
    /// Number of the message; Weft never uses one twice.
    pub nonce: u64,
    /// The zkGraph.
    pub graph: GraphId,
    /// The account that owned the zkGraph when the run was locked.
    pub owner: H256,
    /// The run.
    pub job: JobId,
    /// Digest of the statement that was proved.
    pub statement: H256,
    /// What the run read.
    pub sources: Sources,
    /// Where the message goes.
    pub destination: Destination,
    /// Calldata after the selector.
    pub payload: Payload,
}

impl Message {
    /// The ABI encoding: the bytes of the message's leaf in the outbox.
    pub fn abi_encode(&self) -> Vec<u8> {
        abi::Message::from(self).abi_encode()
    }

    /// The leaf's hash: keccak256 of the ABI encoding.
    pub fn digest(&self) -> H256 {
        keccak256(&self.abi_encode())
    }
}
