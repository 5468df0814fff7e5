//! What Weft's root can order a gateway on Ethereum to do. `docs/decisions/gateway.md` says what an order can and cannot do.
//!
//! An order is a message like any other, of the zkGraph 0 and the owner 0: no zkGraph has that id, which is a hash, so nobody but root speaks
//! in its name.

use alloy_sol_types::{SolCall, sol};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

use crate::{Destination, Message, abi};

mod functions {
    #![allow(missing_docs, reason = "the macro generates items without documentation")]

    super::sol! {
        function pause(uint64 until);
        function announceSuccessor(address successor);
    }
}

/// Gas that an order is called with: more than the dearest takes (two slots and an event).
const ORDER_GAS: u64 = 150_000;

/// Something that a gateway does for Weft's root.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum Order {
    /// Deliver no results of zkGraphs until then, in seconds since 1970. At most 14 days ahead count; a time in the past ends a pause.
    #[codec(index = 0)]
    Pause {
        /// When deliveries go on.
        until: u64,
    },
    /// Say which gateway replaces this one. Nothing moves by itself.
    #[codec(index = 1)]
    AnnounceSuccessor {
        /// Address of the new gateway.
        successor: H160,
    },
}

impl Order {
    /// The call: selector and arguments.
    fn calldata(self) -> alloc::vec::Vec<u8> {
        match self {
            Self::Pause { until } => functions::pauseCall { until }.abi_encode(),
            Self::AnnounceSuccessor { successor } => functions::announceSuccessorCall {
                successor: abi::address(successor),
            }
            .abi_encode(),
        }
    }

    /// The message that brings the order to a gateway.
    pub fn message(self, weft_genesis: H256, nonce: u64, chain_id: u64, gateway: H160) -> Message {
        let mut selector = [0; 4];
        let calldata = self.calldata();
        let (head, arguments) = calldata.split_at(selector.len());
        selector.copy_from_slice(head);
        Message {
            weft_genesis,
            nonce,
            graph: H256::zero(),
            owner: H256::zero(),
            job: 0,
            statement: H256::zero(),
            sources: Default::default(),
            destination: Destination {
                chain_id,
                gateway,
                target: gateway,
                selector,
                gas_limit: ORDER_GAS,
            },
            // One word.
            payload: arguments.to_vec().try_into().unwrap_or_default(),
        }
    }
}
