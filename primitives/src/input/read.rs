//! From bytes to what a run reads.

use alloc::vec::Vec;
use primitive_types::{H160, H256};

use super::{
    AccountEntry, BlockEntry, BlockRange, FieldEntry, HeaderEntry, INPUT_VERSION, Input, InputError,
    LogEntry, MAX_TOPICS, Section, TransactionEntry,
};
use crate::words::{Reader, WORD, WordsError};

/// The input that `bytes` encode.
///
/// # Errors
/// When they encode none.
pub fn decode(bytes: &[u8]) -> Result<Input, InputError> {
    let reader = &mut Reader(bytes);
    if reader.word()? != INPUT_VERSION {
        return Err(InputError::UnknownVersion);
    }
    let prior_state = bytes_of(reader)?;
    let sources = items(reader, section)?;
    if !reader.0.is_empty() {
        return Err(InputError::TrailingBytes);
    }
    Ok(Input { prior_state, sources })
}

fn section(reader: &mut Reader<'_>) -> Result<Section, InputError> {
    let kind = reader.word()?;
    let words = reader.count()?;
    let before = reader.0.len();
    let range = BlockRange {
        chain_id: reader.word()?,
        first: reader.word()?,
        last: reader.word()?,
        hash: H256(reader.array()?),
        timestamp: reader.word()?,
    };
    let section = match kind {
        1 => Section::Events(range, items(reader, block)?),
        2 => Section::TransactionEvents(range, items(reader, block)?),
        3 => Section::Storage(range, items(reader, account)?),
        4 => Section::Transactions(range, items(reader, transaction)?),
        5 => {
            let alone = BlockRange {
                hash: range.hash,
                ..BlockRange::default()
            };
            if range != alone || reader.word()? != 1 {
                return Err(InputError::Contradiction);
            }
            Section::State(range.hash, bytes_of(reader)?)
        }
        6 => Section::Beacon(range, items(reader, field)?),
        7 => Section::Headers(range, items(reader, header)?),
        _ => return Err(InputError::UnknownKind),
    };
    if before - reader.0.len() != words * WORD {
        return Err(InputError::Contradiction);
    }
    Ok(section)
}

fn items<T>(
    reader: &mut Reader<'_>,
    item: impl Fn(&mut Reader<'_>) -> Result<T, InputError>,
) -> Result<Vec<T>, InputError> {
    (0..reader.count()?).map(|_| item(reader)).collect()
}

fn block(reader: &mut Reader<'_>) -> Result<BlockEntry, InputError> {
    let block = BlockEntry {
        number: reader.word()?,
        timestamp: reader.word()?,
        logs: items(reader, log)?,
    };
    if block.logs.is_empty() {
        return Err(InputError::Contradiction);
    }
    Ok(block)
}

fn log(reader: &mut Reader<'_>) -> Result<LogEntry, InputError> {
    let address = address(reader)?;
    let transaction_index = reader.word()?;
    let log_index = reader.word()?;
    let count = reader.count()?;
    if count > MAX_TOPICS {
        return Err(InputError::TooManyTopics);
    }
    let topics = (0..count)
        .map(|_| Ok(H256(reader.array()?)))
        .collect::<Result<_, WordsError>>()?;
    Ok(LogEntry {
        address,
        transaction_index,
        log_index,
        topics,
        data: bytes_of(reader)?,
    })
}

fn account(reader: &mut Reader<'_>) -> Result<AccountEntry, InputError> {
    Ok(AccountEntry {
        address: address(reader)?,
        nonce: reader.word()?,
        balance: H256(reader.array()?),
        code_hash: H256(reader.array()?),
        slots: items(reader, |reader| {
            Ok((H256(reader.array()?), H256(reader.array()?)))
        })?,
    })
}

fn transaction(reader: &mut Reader<'_>) -> Result<TransactionEntry, InputError> {
    Ok(TransactionEntry {
        index: reader.word()?,
        hash: H256(reader.array()?),
        sender: address(reader)?,
        to: match (reader.word()?, address(reader)?) {
            (0, to) if to.is_zero() => None,
            (1, to) => Some(to),
            _ => return Err(InputError::Contradiction),
        },
        nonce: reader.word()?,
        value: H256(reader.array()?),
        gas_limit: reader.word()?,
        data: bytes_of(reader)?,
    })
}

fn header(reader: &mut Reader<'_>) -> Result<HeaderEntry, InputError> {
    Ok(HeaderEntry {
        number: reader.word()?,
        timestamp: reader.word()?,
        state_root: H256(reader.array()?),
        transactions_root: H256(reader.array()?),
        receipts_root: H256(reader.array()?),
    })
}

fn field(reader: &mut Reader<'_>) -> Result<FieldEntry, InputError> {
    Ok(FieldEntry {
        index: reader.word()?,
        node: H256(reader.array()?),
    })
}

fn address(reader: &mut Reader<'_>) -> Result<H160, InputError> {
    Ok(H160::from_slice(reader.padded(20)?))
}

fn bytes_of(reader: &mut Reader<'_>) -> Result<Vec<u8>, InputError> {
    let length = reader.count()?;
    Ok(reader.padded(length)?.to_vec())
}
