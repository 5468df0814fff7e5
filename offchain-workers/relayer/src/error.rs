//! Why something is not relayed.

use alloy_primitives::B256;
use weft_chain::{BlockNumber, FinalityError, QueryError};
use weft_ethereum::{EthereumError, GatewayError, SendError};

use crate::{commitment::CommitmentError, leaf::LeafError};

/// Something could not be relayed, for now or for good.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// What the node of Weft says about finality cannot be used.
    #[error(transparent)]
    Finality(#[from] FinalityError),
    /// The node of Ethereum does not answer.
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    /// The gateway does not answer, or would refuse.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A transaction was not included.
    #[error(transparent)]
    Send(#[from] SendError),
    /// A commitment cannot be given to the gateway.
    #[error(transparent)]
    Commitment(#[from] CommitmentError),
    /// A leaf of the MMR cannot be read.
    #[error(transparent)]
    Leaf(#[from] LeafError),
    /// The gateway follows another Weft.
    #[error("the gateway follows the Weft with genesis {gateway}, and the node is of {node}")]
    OtherWeft {
        /// Genesis that the gateway knows.
        gateway: B256,
        /// Genesis of the node's chain.
        node: B256,
    },
    /// The node has no BEEFY justification for the first block of a session.
    #[error(
        "the node has no BEEFY justification for block {0}, with which a session starts; ask a node that has"
    )]
    NoJustification(BlockNumber),
    /// The node does not know who the validators of a block were.
    #[error("the node does not know the validators of block {0}")]
    NoValidators(BlockNumber),
    /// Nothing of what would be brought is new.
    #[error("all of it was brought by another")]
    Outdone,
    /// A message cannot be read.
    #[error("message {0} cannot be read")]
    Message(u64),
}
