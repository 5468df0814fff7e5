//! The bytes that a run writes: the zkGraph's next state and what goes to the destination.
//!
//! ```text
//! u64 bytes of state ‖ u64 bytes of payload ‖ state, padded ‖ payload, padded
//! ```
//! Little-endian, padded with zeros to multiples of 8 bytes. A trapped run has no output stream.

use alloc::vec::Vec;

use crate::words::{Reader, WordsError, push_padded, push_word};

/// What a run writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// State after the run.
    pub next_state: Vec<u8>,
    /// Calldata after the selector.
    pub payload: Vec<u8>,
}

/// Why bytes are not an output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// The bytes end too early.
    #[error("the output ends too early")]
    Truncated,
    /// Bytes follow the output.
    #[error("bytes follow the output")]
    TrailingBytes,
    /// A byte of padding is not zero.
    #[error("padding is not zero")]
    Padding,
}

impl From<WordsError> for OutputError {
    fn from(error: WordsError) -> Self {
        match error {
            WordsError::Truncated => Self::Truncated,
            WordsError::Padding => Self::Padding,
        }
    }
}

/// The output stream with this state and payload.
pub fn encode(next_state: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    push_word(&mut out, next_state.len() as u64);
    push_word(&mut out, payload.len() as u64);
    push_padded(&mut out, next_state);
    push_padded(&mut out, payload);
    out
}

/// What an output stream says.
pub fn decode(bytes: &[u8]) -> Result<Output, OutputError> {
    let reader = &mut Reader(bytes);
    let state_length = reader.count()?;
    let payload_length = reader.count()?;
    let next_state = reader.padded(state_length)?.to_vec();
    let payload = reader.padded(payload_length)?.to_vec();
    if !reader.0.is_empty() {
        return Err(OutputError::TrailingBytes);
    }
    Ok(Output { next_state, payload })
}
