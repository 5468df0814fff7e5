//! What `abi.encode` and `emit` wrote, decoded by `alloy-sol-types` (feature `abi`).
//!
//! Declare the types with [`solidity!`](crate::solidity), as in Solidity. Dynamic types (`string`, `bytes`, arrays) need memory: in WebAssembly the feature brings an
//! allocator. For a word at a known place [`Bytes::u256`] is cheaper: it reads that word alone, and copies nothing.

use alloc::vec::Vec;

pub use alloy_sol_types::{self, SolCall, SolEvent, SolValue};

/// Declares events, functions and structs as Solidity does: `sol!` of `alloy-sol-types`, for programs that do not name that crate themselves.
#[macro_export]
macro_rules! solidity {
    ($($declarations:tt)*) => {
        $crate::abi::alloy_sol_types::sol! {
            #![sol(alloy_sol_types = $crate::abi::alloy_sol_types)]
            $($declarations)*
        }
    };
}

use crate::{Address, Bytes, Bytes32, Log, OrTrap, Transaction, U256};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// The bytes, copied into memory.
pub fn copied(bytes: Bytes) -> Vec<u8> {
    let mut copy = Vec::with_capacity(bytes.len() as usize + 7);
    for index in 0..bytes.len().div_ceil(8) {
        copy.extend_from_slice(&bytes.word(index).to_le_bytes());
    }
    copy.truncate(bytes.len() as usize);
    copy
}

/// A value that `abi.encode` wrote. Traps if the bytes are something else.
pub fn decode<T>(bytes: Bytes) -> T
where
    T: SolValue + From<<T::SolType as alloy_sol_types::SolType>::RustType>,
{
    T::abi_decode(&copied(bytes)).ok().or_trap()
}

/// The event, if the log is one: the signature and the number of topics fit, and the data can be decoded.
pub fn event<E: SolEvent>(log: &Log) -> Option<E> {
    let topics = (0..log.topic_count()).map(|index| word(log.topic(index)));
    E::decode_raw_log(topics, &copied(log.data())).ok()
}

/// The call, if the transaction's data is one: the selector fits, and the arguments can be decoded.
pub fn call<C: SolCall>(transaction: &Transaction) -> Option<C> {
    C::abi_decode(&copied(transaction.data())).ok()
}

impl From<alloy_sol_types::private::Address> for Address {
    fn from(address: alloy_sol_types::private::Address) -> Self {
        Self::new(address.into_array())
    }
}

impl From<alloy_sol_types::private::U256> for U256 {
    fn from(number: alloy_sol_types::private::U256) -> Self {
        Self::from_limbs(number.into_limbs())
    }
}

fn word(bytes: Bytes32) -> alloy_sol_types::Word {
    let mut word = [0; 32];
    for (chunk, limb) in word.chunks_mut(8).zip(bytes.words()) {
        chunk.copy_from_slice(&limb.to_le_bytes());
    }
    word.into()
}
