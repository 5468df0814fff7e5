//! Transactions: signing, fees, replacement, receipts.
//!
//! A transaction's nonce is the number of the account's transactions in the newest block, so one transaction is under way at a
//! time, and whatever is sent again after a restart replaces what was sent before instead of following it: nothing is
//! paid twice. While it waits, a transaction is replaced by the same one with a higher fee, or, when nobody needs it any more, by an empty one.

use std::{
    cmp::Ordering,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_network::TxSignerSync;
use alloy_primitives::{Address, B256, Bytes, TxKind, U256};
use alloy_rpc_types_eth::{Log, TransactionReceipt};
use alloy_signer_local::PrivateKeySigner;
use backon::{BackoffBuilder, ExponentialBuilder};

use crate::{Ethereum, EthereumError};

/// Most gas of a transaction (EIP-7825).
pub const MAX_TRANSACTION_GAS: u64 = 1 << 24;
/// How long a transaction waits before its fee is raised.
const PATIENCE: Duration = Duration::from_secs(48);
/// How often a transaction is sent, with a fee raised each time, before it is given up.
const ATTEMPTS: usize = 6;
/// A raised fee, in percent of the fee before. Nodes want at least 110.
const RAISE_PERCENT: u128 = 125;
/// Most that is given to the block producer at first, in wei a unit of gas, whatever the node suggests: 50 gwei.
const MOST_SUGGESTED_TIP: u128 = 50_000_000_000;
/// Gas of a transaction that does nothing.
const EMPTY_GAS: u64 = 21_000;
/// Least fee for the block producer, in wei a unit of gas: a fee of zero is not taken everywhere.
const LEAST_TIP: u128 = 1_000_000;

/// A transaction was not sent, or not included.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The node does not answer.
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    /// The secret is not one.
    #[error("not a private key: {0}")]
    Key(String),
    /// The keystore cannot be opened.
    #[error("cannot open the keystore: {0}; is the password right?")]
    Keystore(String),
    /// The transaction needs more gas than a transaction may have.
    #[error("{gas} gas is more than a transaction can have ({MAX_TRANSACTION_GAS})")]
    TooMuchGas {
        /// What it needs.
        gas: u64,
    },
    /// The node took none of the transactions.
    #[error("the Ethereum node does not take the transaction: {0}")]
    Refused(EthereumError),
    /// The transaction waits, although its fee was raised several times.
    #[error("the transaction {0} was not included, although its fee was raised")]
    NotIncluded(B256),
    /// The transaction is in a block and reverted.
    #[error("the transaction {transaction} reverted and took {gas_used} gas")]
    Reverted {
        /// Its hash.
        transaction: B256,
        /// What it cost.
        gas_used: u64,
    },
    /// Another transaction of the account, sent by somebody else or before a restart, was included instead.
    #[error("another transaction of this account has the nonce {nonce}")]
    Superseded {
        /// The nonce.
        nonce: u64,
    },
    /// The transaction was not needed any more, and an empty one took its place.
    #[error("the transaction was not needed any more; taking it back cost {gas_used} gas")]
    Withdrawn {
        /// What that cost.
        gas_used: u64,
    },
    /// The chain went back, and an earlier transaction of the account is not in it any more: this one, with a later nonce, would wait for ever.
    #[error("Ethereum was reorganised, and the transaction before the nonce {nonce} is gone")]
    Undone {
        /// The nonce.
        nonce: u64,
    },
    /// The signature could not be made.
    #[error("cannot sign: {0}")]
    Sign(String),
}

/// A transaction that succeeded.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its hash.
    pub transaction: B256,
    /// The block that holds it.
    pub block: u64,
    /// The gas that it took.
    pub gas_used: u64,
    /// What it logged.
    pub logs: Vec<Log>,
}

/// Fees of EIP-1559, in wei a unit of gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// Most that is paid in all.
    pub most: u128,
    /// What the block producer gets.
    pub tip: u128,
}

impl Fees {
    /// Fees that last for some blocks: twice the base fee and the tip.
    pub fn new(base_fee: u128, tip: u128) -> Self {
        let tip = tip.max(LEAST_TIP);
        Self {
            most: base_fee.saturating_mul(2).saturating_add(tip),
            tip,
        }
    }

    /// These, but not less than others in any part.
    fn above(self, other: Self) -> Self {
        Self {
            most: self.most.max(other.most),
            tip: self.tip.max(other.tip),
        }
    }

    /// Fees that nodes take in place of these: both must rise.
    pub fn raised(self) -> Self {
        let raise = |fee: u128| (fee.saturating_mul(RAISE_PERCENT) / 100).max(fee.saturating_add(1));
        Self {
            most: raise(self.most),
            tip: raise(self.tip),
        }
    }
}

/// An account with its secret.
#[derive(Clone)]
pub struct Account(PrivateKeySigner);

impl std::fmt::Debug for Account {
    /// The address alone.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Account({})", self.0.address())
    }
}

impl Account {
    /// The account with this private key, in hexadecimal.
    ///
    /// # Errors
    /// When it is no private key.
    pub fn from_key(private_key: &str) -> Result<Self, SendError> {
        let signer = private_key.trim().parse();
        signer
            .map(Self)
            .map_err(|error| SendError::Key(format!("{error}")))
    }

    /// The account in a keystore file, as geth and others write it
    /// ([Web3 secret storage](https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/)).
    ///
    /// # Errors
    /// When it cannot be read, or not with this password.
    pub fn from_keystore(file: &Path, password: &str) -> Result<Self, SendError> {
        let signer = PrivateKeySigner::decrypt_keystore(file, password);
        signer
            .map(Self)
            .map_err(|error| SendError::Keystore(error.to_string()))
    }
}

/// An account that sends transactions, one at a time.
#[derive(Clone, Debug)]
pub struct Sender {
    ethereum: Ethereum,
    signer: PrivateKeySigner,
    chain_id: u64,
    poll: Duration,
    /// The fees of the last transaction that was given up, and its nonce: what takes its place has to pay more.
    given_up: Arc<Mutex<Option<(u64, Fees)>>>,
}

impl Sender {
    /// The account of a signer, on the chain that the node is of. It looks for receipts every `poll`.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn new(
        ethereum: Ethereum,
        Account(signer): Account,
        poll: Duration,
    ) -> Result<Self, SendError> {
        let chain_id = ethereum.chain_id().await?;
        Ok(Self {
            ethereum,
            signer,
            chain_id,
            poll,
            given_up: Arc::default(),
        })
    }

    /// The account.
    pub fn account(&self) -> Address {
        self.signer.address()
    }

    /// EIP-155 id of the chain.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// Whether a transaction of the account waits in the node's pool.
    pub async fn has_waiting(&self) -> bool {
        let account = self.account();
        let counts = (
            self.ethereum.nonce(account).await,
            self.ethereum.pending_nonce(account).await,
        );
        matches!(counts, (Ok(included), Ok(all)) if all > included)
    }

    /// Sends a call with exactly this gas limit, and waits until it is in a block.
    pub async fn send(&self, to: Address, data: Bytes, gas: u64) -> Result<Receipt, SendError> {
        self.send_while(to, data, gas, async || true).await
    }

    /// Sends a call with exactly this gas limit, and waits until it is in a block, or, once `needed` says that the call has become useless, takes it back. `needed`
    /// is asked whenever there is a new block without it.
    ///
    /// # Errors
    /// When it is not included. [`SendError::Withdrawn`] where it was taken back.
    pub async fn send_while(
        &self,
        to: Address,
        data: Bytes,
        gas: u64,
        needed: impl AsyncFn() -> bool,
    ) -> Result<Receipt, SendError> {
        if gas > MAX_TRANSACTION_GAS {
            return Err(SendError::TooMuchGas { gas });
        }
        let nonce = self.ethereum.nonce(self.account()).await?;
        let newest = self.ethereum.latest_header().await?;
        // Not all nodes know what a good tip is.
        let tip = self.ethereum.priority_fee().await.unwrap_or(LEAST_TIP);
        let base_fee = newest.base_fee_per_gas.unwrap_or_default();
        let mut fees = Fees::new(base_fee.into(), tip.min(MOST_SUGGESTED_TIP));
        if let Ok(Some((_, before))) = self
            .given_up
            .lock()
            .map(|kept| kept.filter(|(of, _)| *of == nonce))
        {
            fees = fees.above(before);
        }
        let mut work = Work { to, data, gas };
        // From which of those that were sent on they are empty.
        let mut empty_from = usize::MAX;
        let mut seen = newest.number;

        let mut sent: Vec<B256> = Vec::new();
        let mut refusal = None;
        for pause in ExponentialBuilder::default().with_max_times(ATTEMPTS).build() {
            let (hash, raw) = self.sign(nonce, fees, &work)?;
            // Also after an error the node may have the transaction: the receipts will say.
            sent.push(hash);
            refusal = self.ethereum.send_raw(&raw).await.err();
            let patience = if refusal.is_some() { pause } else { PATIENCE };
            let is_empty = empty_from < usize::MAX;
            let needed = async || is_empty || needed().await;
            match self.wait(nonce, &sent, patience, &mut seen, needed).await? {
                Waited::Included(receipt) => {
                    let place = sent.iter().position(|hash| *hash == receipt.transaction_hash);
                    if place.is_some_and(|place| place >= empty_from) {
                        let gas_used = receipt.gas_used;
                        return Err(SendError::Withdrawn { gas_used });
                    }
                    return outcome(*receipt);
                }
                Waited::Useless => {
                    tracing::info!(transaction = %hash, "nobody needs the transaction any more; taking it back");
                    empty_from = sent.len();
                    work = Work {
                        to: self.account(),
                        data: Bytes::new(),
                        gas: EMPTY_GAS,
                    };
                }
                Waited::Undone => return Err(SendError::Undone { nonce }),
                Waited::Superseded => return Err(SendError::Superseded { nonce }),
                Waited::InVain => {
                    tracing::info!(transaction = %hash, refusal = refusal.as_ref().map(display), "raising the fee");
                }
            }
            fees = fees.raised();
        }
        if let Ok(mut kept) = self.given_up.lock() {
            *kept = Some((nonce, fees));
        }
        match refusal {
            Some(error) => Err(SendError::Refused(error)),
            None => Err(SendError::NotIncluded(sent.pop().unwrap_or_default())),
        }
    }

    fn sign(&self, nonce: u64, fees: Fees, work: &Work) -> Result<(B256, Bytes), SendError> {
        let mut transaction = TxEip1559 {
            chain_id: self.chain_id,
            nonce,
            gas_limit: work.gas,
            max_fee_per_gas: fees.most,
            max_priority_fee_per_gas: fees.tip,
            to: TxKind::Call(work.to),
            value: U256::ZERO,
            input: work.data.clone(),
            ..Default::default()
        };
        let signature = self
            .signer
            .sign_transaction_sync(&mut transaction)
            .map_err(|error| SendError::Sign(error.to_string()))?;
        let envelope = TxEnvelope::from(transaction.into_signed(signature));
        Ok((*envelope.tx_hash(), envelope.encoded_2718().into()))
    }

    /// Waits for the receipt of one of these transactions, of which at most one can be included. `seen` is the newest block that was asked about.
    async fn wait(
        &self,
        nonce: u64,
        transactions: &[B256],
        patience: Duration,
        seen: &mut u64,
        needed: impl AsyncFn() -> bool,
    ) -> Result<Waited, SendError> {
        let look = async {
            loop {
                // Before the receipts: of a block that comes in between the receipts are looked at.
                let newest = self.ethereum.block_number().await?;
                if let Some(receipt) = self.receipt_of(transactions).await? {
                    return Ok::<_, SendError>(Waited::Included(receipt));
                }
                // Less after a reorganisation.
                if newest != *seen {
                    *seen = newest;
                    let end = match self.ethereum.nonce(self.account()).await?.cmp(&nonce) {
                        Ordering::Less => Some(Waited::Undone),
                        Ordering::Greater => Some(Waited::Superseded),
                        Ordering::Equal if !needed().await => Some(Waited::Useless),
                        Ordering::Equal => None,
                    };
                    if let Some(end) = end {
                        // It may have been this very transaction, in a block that came meanwhile.
                        let own = self.receipt_of(transactions).await?;
                        return Ok(own.map_or(end, Waited::Included));
                    }
                }
                tokio::time::sleep(self.poll).await;
            }
        };
        match tokio::time::timeout(patience, look).await {
            Ok(found) => found,
            Err(_) => Ok(Waited::InVain),
        }
    }

    /// The receipt of one of these transactions.
    async fn receipt_of(&self, transactions: &[B256]) -> Result<Option<Box<TransactionReceipt>>, SendError> {
        for transaction in transactions {
            if let Some(receipt) = self.ethereum.receipt(*transaction).await? {
                return Ok(Some(Box::new(receipt)));
            }
        }
        Ok(None)
    }
}

/// What a transaction does.
struct Work {
    to: Address,
    data: Bytes,
    gas: u64,
}

/// How waiting for a transaction ended.
enum Waited {
    /// One of them is in a block.
    Included(Box<TransactionReceipt>),
    /// It is not needed any more.
    Useless,
    /// The transaction before it is not in the chain any more.
    Undone,
    /// Another one has its nonce.
    Superseded,
    /// It took too long.
    InVain,
}

fn outcome(receipt: TransactionReceipt) -> Result<Receipt, SendError> {
    let (transaction, gas_used) = (receipt.transaction_hash, receipt.gas_used);
    if !receipt.status() {
        return Err(SendError::Reverted {
            transaction,
            gas_used,
        });
    }
    Ok(Receipt {
        transaction,
        block: receipt.block_number.unwrap_or_default(),
        gas_used,
        logs: receipt.inner.logs().to_vec(),
    })
}
