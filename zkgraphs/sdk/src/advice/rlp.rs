//! RLP in the advice, item by item.

use super::AdviceBytes;
use crate::trap;

/// RLP items one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items {
    pub(super) rest: AdviceBytes,
}

/// An RLP item.
pub(super) struct Item {
    pub(super) is_list: bool,
    pub(super) payload: AdviceBytes,
}

impl Items {
    /// Those of the list that these bytes are.
    pub(super) fn of_list(bytes: AdviceBytes) -> Self {
        let mut whole = Self { rest: bytes };
        let list = whole.next().list();
        if !whole.is_empty() {
            trap();
        }
        list
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next one. Traps if there is none, or it is none.
    pub(super) fn next(&mut self) -> Item {
        let first = self.rest.byte(0);
        let (is_list, head, length) = match first {
            0x00..0x80 => (false, 0, 1),
            0x80..0xb8 => (false, 1, u32::from(first - 0x80)),
            0xb8..0xc0 => (false, 1 + u32::from(first - 0xb7), self.length(first - 0xb7)),
            0xc0..0xf8 => (true, 1, u32::from(first - 0xc0)),
            0xf8..=0xff => (true, 1 + u32::from(first - 0xf7), self.length(first - 0xf7)),
        };
        let payload = self.rest.part(head, length);
        let end = head + length;
        self.rest = self.rest.part(end, self.rest.length - end);
        Item { is_list, payload }
    }

    /// A length of so many bytes.
    fn length(&self, bytes: u8) -> u32 {
        if bytes > 3 {
            trap();
        }
        (1..=u32::from(bytes)).fold(0, |length, at| length << 8 | u32::from(self.rest.byte(at)))
    }
}

impl Item {
    pub(super) fn list(self) -> Items {
        if !self.is_list {
            trap();
        }
        Items { rest: self.payload }
    }

    /// A string of so many bytes.
    pub(super) fn string(self, length: u32) -> AdviceBytes {
        if self.is_list || self.payload.length != length {
            trap();
        }
        self.payload
    }
}
