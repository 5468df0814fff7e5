//! The structs of this crate as Solidity sees them (`contracts/src/Types.sol`), and the one place where they
//! are converted.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, FixedBytes};

use crate::statement;

#[allow(
    missing_docs,
    reason = "the macro generates items without documentation; the SCALE twins have it"
)]
mod generated {
    alloy_sol_types::sol! {
        /// See [`crate::Source`].
        #[derive(Debug, PartialEq, Eq)]
        struct Source {
            uint8 kind;
            uint64 chainId;
            uint64 firstBlock;
            uint64 lastBlock;
            bytes32 blockHash;
            bytes32 filter;
            bytes32 root;
        }

        /// See [`crate::Destination`].
        #[derive(Debug, PartialEq, Eq)]
        struct Destination {
            uint64 chainId;
            address gateway;
            address target;
            bytes4 selector;
            uint64 gasLimit;
        }

        /// See [`crate::Statement`].
        #[derive(Debug, PartialEq, Eq)]
        struct Statement {
            uint16 version;
            bytes32 weftGenesis;
            bytes32 graph;
            bytes32 manifest;
            uint16 proofSystem;
            bytes32 key;
            bytes32 image;
            bytes32 inputDigest;
            bytes32 priorState;
            bytes32 nextState;
            bytes output;
            uint8 outcome;
            uint64 steps;
            Source[] sources;
            Destination destination;
            bytes32 context;
        }

        /// See [`crate::Message`].
        #[derive(Debug, PartialEq, Eq)]
        struct Message {
            bytes32 weftGenesis;
            uint64 nonce;
            bytes32 graph;
            bytes32 owner;
            uint64 job;
            bytes32 statement;
            Source[] sources;
            Destination destination;
            bytes payload;
        }
    }
}

pub use generated::{Destination, Message, Source, Statement};

/// Solidity's bytes32.
pub(crate) fn bytes32(hash: primitive_types::H256) -> B256 {
    B256::from(hash.0)
}

/// Solidity's address.
pub(crate) fn address(address: primitive_types::H160) -> Address {
    Address::from(address.0)
}

impl From<&statement::Source> for Source {
    fn from(source: &statement::Source) -> Self {
        Self {
            kind: source.kind as u8,
            chainId: source.chain_id,
            firstBlock: source.first_block,
            lastBlock: source.last_block,
            blockHash: bytes32(source.block_hash),
            filter: bytes32(source.filter),
            root: bytes32(source.root),
        }
    }
}

impl From<&statement::Destination> for Destination {
    fn from(destination: &statement::Destination) -> Self {
        Self {
            chainId: destination.chain_id,
            gateway: address(destination.gateway),
            target: address(destination.target),
            selector: FixedBytes(destination.selector),
            gasLimit: destination.gas_limit,
        }
    }
}

impl From<&statement::Statement> for Statement {
    fn from(statement: &statement::Statement) -> Self {
        Self {
            version: statement.version,
            weftGenesis: bytes32(statement.weft_genesis),
            graph: bytes32(statement.graph),
            manifest: bytes32(statement.manifest),
            proofSystem: statement.proof_system,
            key: bytes32(statement.key),
            image: bytes32(statement.image),
            inputDigest: bytes32(statement.input_digest),
            priorState: bytes32(statement.prior_state),
            nextState: bytes32(statement.next_state),
            output: statement.output.to_vec().into(),
            outcome: statement.outcome as u8,
            steps: statement.steps,
            sources: sources(&statement.sources),
            destination: (&statement.destination).into(),
            context: bytes32(statement.context),
        }
    }
}

impl From<&statement::Message> for Message {
    fn from(message: &statement::Message) -> Self {
        Self {
            weftGenesis: bytes32(message.weft_genesis),
            nonce: message.nonce,
            graph: bytes32(message.graph),
            owner: bytes32(message.owner),
            job: message.job,
            statement: bytes32(message.statement),
            sources: sources(&message.sources),
            destination: (&message.destination).into(),
            payload: message.payload.to_vec().into(),
        }
    }
}

fn sources(sources: &[statement::Source]) -> Vec<Source> {
    sources.iter().map(Source::from).collect()
}
