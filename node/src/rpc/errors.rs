//! What the methods of this node say when they have no answer.

use jsonrpsee::types::ErrorObjectOwned;

/// Codes of the errors.
pub(super) mod code {
    /// The runtime could not be asked: the block is unknown, or its state was pruned.
    pub(in crate::rpc) const RUNTIME: i32 = 8_001;
    /// What was asked for is not there.
    pub(in crate::rpc) const NOT_FOUND: i32 = 8_002;
    /// The node does not have the message, because it did not execute the block that settled it.
    pub(in crate::rpc) const MESSAGE_MISSING: i32 = 8_003;
}

pub(super) fn error(code: i32, message: impl ToString) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(code, message.to_string(), None::<()>)
}

pub(super) fn runtime_error(cause: sp_api::ApiError) -> ErrorObjectOwned {
    error(
        code::RUNTIME,
        format!("the runtime cannot be asked at this block: {cause}"),
    )
}
