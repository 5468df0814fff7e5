//! Generalized indices of fields by their names.

use weft_beacon_proofs::{Fork, Preset};

use super::{Type, types::Types};

/// A name that no field of a beacon block has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The fields of that fork are not known.
    #[error("the fields of the fork {0:?} have no names here; give generalized indices instead")]
    UnknownFork(Fork),
    /// There is no such field.
    #[error("{part:?} in {name:?} is no field there{}", listed(.known))]
    NoField {
        /// The whole name.
        name: String,
        /// The part that is wrong.
        part: String,
        /// Which fields there are.
        known: Vec<&'static str>,
    },
    /// The list or vector has no such place.
    #[error("{name:?} names item {index}, and there are at most {limit}")]
    NoItem {
        /// The whole name.
        name: String,
        /// The item.
        index: u64,
        /// How many there can be.
        limit: u64,
    },
}

fn listed(fields: &[&'static str]) -> String {
    match fields {
        [] => String::new(),
        fields => format!("; there are {}", fields.join(", ")),
    }
}

/// The generalized index, under the root of a beacon block, of a field like `proposer_index`, `body.graffiti`,
/// `body.execution_payload.withdrawals[3].amount`, `state.validators[7].effective_balance` or `state.validators.length`. A number in a list of
/// small numbers shares its node with its neighbours: `state.balances[6]` is that of `balances[4..8]`.
///
/// # Errors
/// When there is no such field.
pub fn index_of(fork: Fork, preset: Preset, name: &str) -> Result<u64, NameError> {
    let types = Types::of(fork, preset).ok_or(NameError::UnknownFork(fork))?;
    let (first, rest) = match name.find(['.', '[']) {
        Some(end) => name.split_at(end),
        None => (name, ""),
    };
    // The root of the block is that of eight leaves.
    let no_type = Type::Basic(32);
    let (index, inner) = match first {
        "slot" => (8, no_type),
        "proposer_index" => (9, no_type),
        "parent_root" => (10, no_type),
        "state_root" => (11, no_type),
        "state" => (11, types.state()),
        "body_root" => (12, no_type),
        "body" => (12, types.body()),
        _ => {
            return Err(NameError::NoField {
                name: name.into(),
                part: first.into(),
                known: vec![
                    "slot",
                    "proposer_index",
                    "parent_root",
                    "state_root",
                    "body_root",
                    "state",
                    "body",
                ],
            });
        }
    };
    Walk {
        name,
        rest,
        index,
        at: &inner,
    }
    .end()
}

/// On the way along a name.
struct Walk<'a> {
    name: &'a str,
    rest: &'a str,
    index: u64,
    at: &'a Type,
}

impl Walk<'_> {
    fn end(mut self) -> Result<u64, NameError> {
        while !self.rest.is_empty() {
            let no_field = |part: &str, known| NameError::NoField {
                name: self.name.into(),
                part: part.into(),
                known,
            };
            if let Some(rest) = self.rest.strip_prefix('.') {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (part, after) = rest.split_at(end);
                if part == "length" && self.at.has_length() {
                    // Beside the root of the items; nothing is below it.
                    if !after.is_empty() {
                        return Err(no_field(after, Vec::new()));
                    }
                    return Ok(self.index * 2 + 1);
                }
                let Type::Container(fields) = self.at else {
                    return Err(no_field(part, Vec::new()));
                };
                let known = || fields.iter().map(|(name, _)| *name).collect();
                let position = fields.iter().position(|(name, _)| *name == part);
                let position = position.ok_or_else(|| no_field(part, known()))?;
                self.index = (self.index << self.at.levels()) + position as u64;
                self.at = &fields[position].1;
                self.rest = after;
            } else {
                let inner = self.rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                let (part, after) = inner.ok_or_else(|| no_field(self.rest, Vec::new()))?;
                let index: u64 = part.parse().map_err(|_| no_field(part, Vec::new()))?;
                let (Type::List(item, limit) | Type::Vector(item, limit)) = self.at else {
                    return Err(no_field(part, Vec::new()));
                };
                if index >= *limit {
                    return Err(NameError::NoItem {
                        name: self.name.into(),
                        index,
                        limit: *limit,
                    });
                }
                let chunk = match **item {
                    Type::Basic(bytes) => index * bytes as u64 / 32,
                    _ => index,
                };
                let items = self.index << u32::from(self.at.has_length());
                self.index = (items << self.at.levels()) + chunk;
                self.at = item;
                self.rest = after;
            }
        }
        Ok(self.index)
    }
}
