//! What the chain's clock says.

use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// The time that deadlines are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Clock {
    /// Slots of Ethereum that became final in time.
    pub now: u64,
    /// Whether it stands still because finality does not move.
    pub stalled: bool,
}
