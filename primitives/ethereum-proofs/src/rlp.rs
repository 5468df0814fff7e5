//! RLP, item by item, without copying.

use alloy_rlp::Header;

/// The bytes are not the RLP that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotRlp;

/// One item.
pub(crate) enum Item<'a> {
    /// A byte string.
    String(&'a [u8]),
    /// A list.
    List,
}

impl<'a> Item<'a> {
    /// The item that `bytes` are.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, NotRlp> {
        let mut payload = bytes;
        let header = Header::decode(&mut payload).map_err(|_| NotRlp)?;
        Ok(if header.list {
            Self::List
        } else {
            Self::String(payload.get(..header.payload_length).ok_or(NotRlp)?)
        })
    }
}

/// The items of one RLP list or of the payload of one.
pub(crate) struct Items<'a>(&'a [u8]);

impl<'a> Items<'a> {
    /// The items of the list that `bytes` are, no more and no less.
    pub(crate) fn of_list(mut bytes: &'a [u8]) -> Result<Self, NotRlp> {
        let payload = Header::decode_bytes(&mut bytes, true).map_err(|_| NotRlp)?;
        if bytes.is_empty() {
            Ok(Self(payload))
        } else {
            Err(NotRlp)
        }
    }

    /// The items that follow each other in `bytes`.
    pub(crate) fn of_items(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether there are no more items.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next item, a list.
    pub(crate) fn list(&mut self) -> Result<Items<'a>, NotRlp> {
        Header::decode_bytes(&mut self.0, true)
            .map(Items)
            .map_err(|_| NotRlp)
    }

    /// The next item, a byte string.
    pub(crate) fn string(&mut self) -> Result<&'a [u8], NotRlp> {
        Header::decode_bytes(&mut self.0, false).map_err(|_| NotRlp)
    }

    /// The next item, a string of exactly `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], NotRlp> {
        self.string()?.try_into().map_err(|_| NotRlp)
    }

    /// The next item, an integer of at most 64 bits without leading zeros.
    pub(crate) fn integer(&mut self) -> Result<u64, NotRlp> {
        let bytes = self.string()?;
        if bytes.len() > 8 || bytes.first() == Some(&0) {
            return Err(NotRlp);
        }
        Ok(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// Passes over the next item, whatever it is.
    pub(crate) fn skip(&mut self) -> Result<(), NotRlp> {
        self.raw().map(|_| ())
    }

    /// The next item with its head, whatever it is.
    pub(crate) fn raw(&mut self) -> Result<&'a [u8], NotRlp> {
        let start = self.0;
        let header = Header::decode(&mut self.0).map_err(|_| NotRlp)?;
        self.0 = self.0.get(header.payload_length..).ok_or(NotRlp)?;
        start.get(..start.len() - self.0.len()).ok_or(NotRlp)
    }

    /// How many items there are, as far as they can be read.
    pub(crate) fn count(mut self) -> usize {
        let mut count = 0;
        while !self.is_empty() && self.skip().is_ok() {
            count += 1;
        }
        count
    }
}
