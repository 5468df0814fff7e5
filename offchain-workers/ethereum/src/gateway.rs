//! Weft's gateway on Ethereum. `docs/decisions/gateway.md` says what it checks.

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::{SolCall, SolInterface};

use crate::{Ethereum, EthereumError, client::At};

#[allow(
    missing_docs,
    clippy::too_many_arguments,
    reason = "the macro generates items without documentation"
)]
mod generated {
    alloy_sol_types::sol!(
        #[derive(Debug, PartialEq, Eq)]
        Gateway,
        "../../contracts/abi/Gateway.json"
    );
}

/// The contract's functions, events, errors and structs, from its ABI.
pub use generated::Gateway as abi;
#[allow(unused_imports, reason = "structs of files are beside the contract")]
pub use generated::*;

/// The gateway does not answer, or would refuse.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The node does not answer.
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    /// The gateway would revert.
    #[error("the gateway refuses {call}: {reason}")]
    Refused {
        /// The function.
        call: &'static str,
        /// Its error, decoded.
        reason: Refusal,
    },
    /// There is no gateway at the address, or another version of it.
    #[error("{address} does not answer {call} as a gateway does")]
    NotAGateway {
        /// The address that was asked.
        address: Address,
        /// The function.
        call: &'static str,
    },
}

/// Why a gateway reverts.
#[derive(Debug)]
pub enum Refusal {
    /// One of the contract's own errors.
    Known(Box<abi::GatewayErrors>),
    /// Something else: out of gas, or an error of Solidity itself.
    Unknown(Bytes),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(error) => write!(out, "{error:?}"),
            Self::Unknown(data) if data.is_empty() => write!(out, "without a reason"),
            Self::Unknown(data) => write!(out, "{data}"),
        }
    }
}

/// A gateway at an address of a chain.
#[derive(Clone, Debug)]
pub struct Gateway {
    ethereum: Ethereum,
    address: Address,
}

/// A validator set as the gateway knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSet {
    /// Id of the set.
    pub id: u64,
    /// Its members.
    pub length: u32,
    /// Root over their addresses.
    pub root: B256,
}

impl Gateway {
    /// The gateway at this address.
    pub fn new(ethereum: Ethereum, address: Address) -> Self {
        Self { ethereum, address }
    }

    /// Its address.
    pub fn address(&self) -> Address {
        self.address
    }

    /// The chain that it is on.
    pub fn ethereum(&self) -> &Ethereum {
        &self.ethereum
    }

    /// Asks the contract without sending a transaction: for its state, or for what a transaction would do.
    pub async fn ask<C: SolCall>(
        &self,
        call: &C,
        from: Address,
        gas: Option<u64>,
        at: At,
    ) -> Result<C::Return, GatewayError> {
        let data = Bytes::from(call.abi_encode());
        let answer = match self.ethereum.call(from, self.address, data, gas, at).await {
            Ok(answer) => answer,
            Err(error) => return Err(refused(C::SIGNATURE, error)),
        };
        C::abi_decode_returns(&answer).map_err(|_| GatewayError::NotAGateway {
            address: self.address,
            call: C::SIGNATURE,
        })
    }

    async fn read<C: SolCall>(&self, call: C) -> Result<C::Return, GatewayError> {
        self.ask(&call, Address::ZERO, None, At::Latest).await
    }

    /// Genesis of the Weft that it follows.
    pub async fn weft_genesis(&self) -> Result<B256, GatewayError> {
        self.read(abi::weftGenesisCall {}).await
    }

    /// Block of Weft of its newest commitment; 0 if it has none.
    pub async fn latest_block(&self) -> Result<u32, GatewayError> {
        self.read(abi::latestBlockCall {}).await
    }

    /// The validator set in power.
    pub async fn current_set(&self) -> Result<KnownSet, GatewayError> {
        let set = self.read(abi::currentValidatorSetCall {}).await?;
        Ok(KnownSet {
            id: set.id,
            length: set.length,
            root: set.root,
        })
    }

    /// The validator set that takes over next.
    pub async fn next_set(&self) -> Result<KnownSet, GatewayError> {
        let set = self.read(abi::nextValidatorSetCall {}).await?;
        Ok(KnownSet {
            id: set.id,
            length: set.length,
            root: set.root,
        })
    }

    /// Whether the message with this nonce had been accepted at a block of Ethereum; no if the node does not know any more, or there was no gateway.
    pub async fn had_accepted(&self, nonce: u64, block: u64) -> bool {
        let call = abi::statusOfCall { nonce };
        let status = self.ask(&call, Address::ZERO, None, At::Block(block)).await;
        status.is_ok_and(|status| status != 0)
    }

    /// Until when deliveries are paused, in seconds since 1970.
    pub async fn paused_until(&self) -> Result<u64, GatewayError> {
        self.read(abi::pausedUntilCall {}).await
    }

    /// Whether the message with this nonce has been accepted, delivered or not.
    pub async fn has_accepted(&self, nonce: u64) -> Result<bool, GatewayError> {
        Ok(self.read(abi::statusOfCall { nonce }).await? != 0)
    }
}

fn refused(call: &'static str, error: EthereumError) -> GatewayError {
    let Some(message) = error.refusal() else {
        return error.into();
    };
    let data = error.revert_data().unwrap_or_default();
    if data.is_empty() && !message.contains("revert") && !message.contains("gas") {
        return error.into();
    }
    let reason = match abi::GatewayErrors::abi_decode(&data) {
        Ok(known) => Refusal::Known(Box::new(known)),
        Err(_) => Refusal::Unknown(data),
    };
    GatewayError::Refused { call, reason }
}
