//! Why a run cannot be proved.

use weft_beacon::ChainError;
use weft_chain::QueryError;
use weft_ethereum::{FetchError, LineageError, LogsError};
use weft_ethereum_proofs::EvidenceError;
use weft_primitives::{
    H256, MAX_INPUT_BYTES, MAX_PROOF_BYTES, advice::MAX_ADVICE_WORDS, output::OutputError,
    source::MAX_EVIDENCE_BYTES,
};
use weft_zkwasm::{machine::ExecuteError, translate::TranslateError};

use crate::{programs::ProgramError, prover::ProverError};

/// A run that cannot be proved, or not now.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The zkGraph wants another proof system.
    #[error("the run is to be proved with proof system {0}, which this worker does not have")]
    ProofSystem(u16),
    /// The chain has another verifying key than this worker's powers of tau.
    #[error("the chain's verifying key {0:?} is not that of this worker's powers of tau")]
    OtherKey(H256),
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// A block is not final yet, as far as Weft knows.
    #[error("Weft does not know yet that block {0} is final")]
    NotFinal(u64),
    /// Nothing shows that a block is final.
    #[error(transparent)]
    Lineage(#[from] LineageError),
    /// A source is on another chain than the worker's Ethereum.
    #[error("the run reads chain {0}, and this worker only reads chain {1}")]
    OtherChain(u64, u64),
    /// The evidence cannot be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The beacon chain cannot be read.
    #[error(transparent)]
    Beacon(#[from] ChainError),
    /// There is no beacon node to read from.
    #[error("the run reads the beacon chain, and this worker has no beacon node: give it one with --beacon")]
    NoBeacon,
    /// The chain would not accept the evidence.
    #[error("the chain would not accept the evidence: {0}")]
    Evidence(#[from] EvidenceError),
    /// The node contradicts itself.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// The evidence of all blocks is larger than the chain takes.
    #[error("the evidence has {0} bytes, and the chain takes {MAX_EVIDENCE_BYTES}")]
    TooMuchEvidence(usize),
    /// There are too many events.
    #[error("the input has {0} bytes, and {MAX_INPUT_BYTES} can be proved")]
    InputTooLarge(usize),
    /// The program cannot be had.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The program cannot be proved.
    #[error("the program cannot be proved: {0}")]
    Translate(#[from] TranslateError),
    /// The program is not the one that was registered.
    #[error("the program has another commitment than the zkGraph")]
    OtherImage,
    /// The program did not end.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The program trapped, and the chain would not believe that.
    #[error(
        "the program trapped, which proves nothing of a program that reads advice: its prover may have brought it about"
    )]
    TrapWithAdvice,
    /// There are more receipts than a proof has room for.
    #[error("the receipts of the blocks have {0} words, and a run can read {MAX_ADVICE_WORDS}")]
    TooMuchAdvice(usize),
    /// The node's receipts are not those of the blocks.
    #[error("the Ethereum node gives other receipts than those of the blocks")]
    WrongAdvice,
    /// The program's output is not what the chain expects.
    #[error("the program's output cannot be read: {0}")]
    Output(#[from] OutputError),
    /// A part of the output has more bytes than the chain takes.
    #[error("the {part} has {bytes} bytes, more than the chain takes")]
    OutputTooLarge {
        /// Which part.
        part: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// The proof would have more bytes than the chain takes.
    #[error("the proof would have {0} bytes, and the chain takes {MAX_PROOF_BYTES}: the run is too long")]
    ProofTooLarge(usize),
    /// A stateless program left a state.
    #[error("the zkGraph is stateless, and its program left a state")]
    Stateless,
    /// The prover refuses.
    #[error(transparent)]
    Prover(#[from] ProverError),
    /// A part of the submission does not fit.
    #[error("the {0} does not fit into a submission")]
    DoesNotFit(&'static str),
}

impl RunError {
    /// Whether a run over fewer blocks might do.
    pub fn is_too_much(&self) -> bool {
        matches!(
            self,
            Self::Fetch(FetchError::TooLarge(_))
                | Self::TooMuchEvidence(_)
                | Self::TooMuchAdvice(_)
                | Self::InputTooLarge(_)
                | Self::ProofTooLarge(_)
                | Self::Execute(ExecuteError::StepLimit(_))
        )
    }

    /// Whether the reason may go away by itself: a node, or a server, did not answer, or a block is not final yet.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Chain(_)
                | Self::WrongAdvice
                | Self::NotFinal(_)
                | Self::Fetch(FetchError::Ethereum(_))
                | Self::Beacon(ChainError::Beacon(_) | ChainError::Execution(FetchError::Ethereum(_)))
                | Self::Lineage(LineageError::Fetch(FetchError::Ethereum(_)))
                | Self::Logs(LogsError::Ethereum(_))
                | Self::Program(ProgramError::Unreadable { .. })
        )
    }
}
