//! The output of a run: the next state, and the payload for the destination. Its layout is that of `weft-primitives`, module
//! `output`.
//!
//! | type | bytes |
//! |---|---|
//! | [`U256`], [`Bytes32`], [`Address`], `u64`, `bool` | 32, as `abi.encode` gives them |
//! | tuples of up to six | one after the other: `abi.encode` of types of fixed size |
//! | [`Words`] | 8 each, little-endian: cheap, for a state that no contract reads |
//! | [`Bytes`] of the input | the same bytes |
//! | `()` | none |

use crate::{Address, Bytes, Bytes32, U256, host::output_word, input::words, number::swap};

/// What can be written.
pub trait Encode {
    /// How many bytes it takes.
    fn byte_count(&self) -> u32;

    /// Writes the bytes, padded with zeros to whole words.
    fn write(&self);
}

/// Writes the whole output: call it once, at the end. A zkGraph without state writes `()` as state.
#[inline]
pub fn write(next_state: &impl Encode, payload: &impl Encode) {
    output_word(u64::from(next_state.byte_count()));
    output_word(u64::from(payload.byte_count()));
    next_state.write();
    payload.write();
}

/// Words in the order given, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<const N: usize>(pub [u64; N]);

impl<const N: usize> Encode for Words<N> {
    #[inline]
    fn byte_count(&self) -> u32 {
        8 * N as u32
    }

    #[inline]
    fn write(&self) {
        self.0.iter().for_each(|word| output_word(*word));
    }
}

impl Encode for Bytes32 {
    #[inline]
    fn byte_count(&self) -> u32 {
        32
    }

    #[inline]
    fn write(&self) {
        Words(self.words()).write();
    }
}

impl Encode for U256 {
    #[inline]
    fn byte_count(&self) -> u32 {
        32
    }

    #[inline]
    fn write(&self) {
        Words(self.to_words()).write();
    }
}

impl Encode for Address {
    #[inline]
    fn byte_count(&self) -> u32 {
        32
    }

    #[inline]
    fn write(&self) {
        self.to_bytes32().write();
    }
}

impl Encode for u64 {
    #[inline]
    fn byte_count(&self) -> u32 {
        32
    }

    #[inline]
    fn write(&self) {
        Words([0, 0, 0, swap(*self)]).write();
    }
}

impl Encode for bool {
    #[inline]
    fn byte_count(&self) -> u32 {
        32
    }

    #[inline]
    fn write(&self) {
        u64::from(*self).write();
    }
}

impl Encode for Bytes {
    #[inline]
    fn byte_count(&self) -> u32 {
        self.len()
    }

    #[inline]
    fn write(&self) {
        (0..words(self.len())).for_each(|index| output_word(self.word(index)));
    }
}

impl Encode for () {
    #[inline]
    fn byte_count(&self) -> u32 {
        0
    }

    #[inline]
    fn write(&self) {}
}

/// Tuples of types of a fixed size that is a multiple of 8; others cannot be put together without moving bytes, so `Bytes` and
/// tuples with it are no such types.
macro_rules! tuples {
    ($(($($name:ident $index:tt),+))+) => {$(
        impl<$($name: Encode + Aligned),+> Encode for ($($name,)+) {
            #[inline]
            fn byte_count(&self) -> u32 {
                0 $(+ self.$index.byte_count())+
            }

            #[inline]
            fn write(&self) {
                $(self.$index.write();)+
            }
        }

        impl<$($name: Aligned),+> Aligned for ($($name,)+) {}
    )+};
}

/// What always takes a multiple of 8 bytes, so that something can follow it.
pub trait Aligned {}

impl<const N: usize> Aligned for Words<N> {}
impl Aligned for U256 {}
impl Aligned for Bytes32 {}
impl Aligned for Address {}
impl Aligned for u64 {}
impl Aligned for bool {}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}
