//! What must hold of this pallet's storage after every block.

use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{BlockOf, Blocks, Config, NextNonce, Pending};

/// Checks the invariants; the error names the first that is broken.
pub(crate) fn check<T: Config>() -> Result<(), TryRuntimeError> {
    ensure!(!Pending::<T>::exists(), "a finished block left messages behind");
    let mut messages = 0_u64;
    for (block, of_block) in Blocks::<T>::iter() {
        ensure!(!of_block.leaves.is_empty(), "a block without messages is stored");
        for nonce in (of_block.first_nonce..).take(of_block.leaves.len()) {
            ensure!(
                BlockOf::<T>::get(nonce) == Some(block),
                "a message is stored under another block"
            );
            messages += 1;
        }
    }
    ensure!(
        messages == NextNonce::<T>::get(),
        "a nonce was skipped or used twice"
    );
    ensure!(
        BlockOf::<T>::iter_keys().count() as u64 == messages,
        "a nonce has no message"
    );
    Ok(())
}
