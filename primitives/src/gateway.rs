//! What gateways on Ethereum write into receipts. `docs/decisions/gateway.md` says what they check before they do, `docs/decisions/receipts.md` what the chain makes
//! of it.

use alloc::vec::Vec;
use alloy_primitives::{Log, LogData};
use alloy_sol_types::{SolEvent, sol};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

use crate::{
    abi::{address, bytes32},
    input::LogEntry,
};

mod events {
    #![allow(missing_docs, reason = "the macro generates items without documentation")]

    super::sol! {
        struct ValidatorSet {
            uint64 id;
            uint32 length;
            bytes32 root;
        }

        event Delivered(uint64 indexed nonce, bytes32 indexed relayer);
        event HandedOver(uint64 indexed currentId, ValidatorSet next, bytes32 indexed relayer);
        event NewMmrRoot(uint32 indexed blockNumber, bytes32 root, uint64 validatorSetId, bytes32 keyset, uint256 signers, bytes32 indexed relayer);
    }
}

/// A gateway: an address of a chain.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
pub struct GatewayId {
    /// EIP-155 id of the chain.
    pub chain_id: u64,
    /// Its address there.
    pub address: H160,
}

/// What somebody has promised to whoever delivers a message at a certain gateway.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct MessageReward<Balance> {
    /// Nonce of the message.
    pub nonce: u64,
    /// Where it has to be delivered.
    pub gateway: GatewayId,
    /// What all payers have promised together, in plancks.
    pub amount: Balance,
    /// Slot of Ethereum, by the chain's clock, from which they may take it back.
    pub until: u64,
}

/// An event of a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayEvent {
    /// The destination of a message was called and did not fail.
    Delivered {
        /// Nonce of the message.
        nonce: u64,
        /// Account on Weft of whoever brought that about; zero if nobody is named.
        relayer: H256,
    },
    /// The next validator set took over.
    HandedOver {
        /// The set that took over.
        set: u64,
        /// Id of the set after it.
        next: u64,
        /// Root over the addresses of that set.
        next_keyset: H256,
        /// Account on Weft of whoever brought the handover; zero if nobody is named.
        relayer: H256,
    },
    /// A commitment was accepted.
    NewMmrRoot(AcceptedCommitment),
}

/// A commitment that a gateway accepted: every signature of it was checked there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedCommitment {
    /// Block of Weft that it finalises.
    pub block: u32,
    /// The MMR root that was signed.
    pub root: H256,
    /// Id of the set that signed.
    pub set: u64,
    /// Root over the addresses of that set.
    pub keyset: H256,
    /// Who of it signed: bit i of the number, which is big-endian, stands for member i.
    pub signers: H256,
}

impl AcceptedCommitment {
    /// The places in their set of those who signed, rising.
    pub fn signer_places(&self) -> impl Iterator<Item = usize> {
        let bits = self.signers;
        (0..256).filter(move |place| bits.0[31 - place / 8] >> (place % 8) & 1 == 1)
    }
}

impl GatewayEvent {
    /// The first topics of the events that relayers are paid for.
    pub fn paid_topics() -> [H256; 2] {
        [
            H256(events::Delivered::SIGNATURE_HASH.0),
            H256(events::HandedOver::SIGNATURE_HASH.0),
        ]
    }

    /// The first topic of [`Self::NewMmrRoot`].
    pub fn commitment_topic() -> H256 {
        H256(events::NewMmrRoot::SIGNATURE_HASH.0)
    }

    /// The event that a log is, if it is one of these in every byte.
    pub fn decode(log: &LogEntry) -> Option<Self> {
        let topics: Vec<_> = log.topics.iter().copied().map(bytes32).collect();
        let first = *topics.first()?;
        let log = Log {
            address: address(log.address),
            data: LogData::new(topics, log.data.clone().into())?,
        };
        // Strict: what decodes must also encode to the same, so that no log has two readings.
        fn strict<E: SolEvent>(log: &Log) -> Option<E> {
            let event = E::decode_log_data_validate(&log.data).ok()?;
            (event.encode_log_data() == log.data).then_some(event)
        }
        match first {
            events::Delivered::SIGNATURE_HASH => {
                let event: events::Delivered = strict(&log)?;
                Some(Self::Delivered {
                    nonce: event.nonce,
                    relayer: H256(event.relayer.0),
                })
            }
            events::HandedOver::SIGNATURE_HASH => {
                let event: events::HandedOver = strict(&log)?;
                Some(Self::HandedOver {
                    set: event.currentId,
                    next: event.next.id,
                    next_keyset: H256(event.next.root.0),
                    relayer: H256(event.relayer.0),
                })
            }
            events::NewMmrRoot::SIGNATURE_HASH => {
                let event: events::NewMmrRoot = strict(&log)?;
                Some(Self::NewMmrRoot(AcceptedCommitment {
                    block: event.blockNumber,
                    root: H256(event.root.0),
                    set: event.validatorSetId,
                    keyset: H256(event.keyset.0),
                    signers: H256(event.signers.to_be_bytes()),
                }))
            }
            _ => None,
        }
    }
}
