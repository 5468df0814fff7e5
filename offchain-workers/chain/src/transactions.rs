//! Signing and sending calls.
//!
//! The nonce of a transaction is the account's at the *best block*, never one after transactions that wait in the pool. So of
//! several transactions that this program, or the same program before it was stopped, has sent at one point of the chain only one
//! can be included: a call that is sent again after a restart costs nothing twice. The price is one transaction at a time.

use std::time::Duration;

use subxt::{
    SubstrateConfig,
    client::OnlineClientAtBlockImpl,
    config::DefaultExtrinsicParamsBuilder,
    error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError},
    rpcs,
    tx::{SubmittableTransaction, TransactionStatus},
};
use weft_primitives::H256;

use crate::{Balance, Call, Chain, Event, QueryError, Signer, events::Known};

/// Blocks after which a transaction that was not included can never be.
const MORTALITY: u64 = 32;
/// How long a transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(180);
/// The node's codes for: already in the pool, another with this nonce and no less priority is in the pool.
const WAITING_CODES: [i32; 2] = [1013, 1014];

/// A transaction that succeeded.
#[derive(Clone, Debug)]
pub struct InBlock {
    /// Hash of the block that holds it. It is not final yet.
    pub block: H256,
    /// Hash of the transaction.
    pub transaction: H256,
    /// Its events, in order.
    pub events: Vec<Event>,
}

/// A transaction with its signature.
type Signed = SubmittableTransaction<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>;

/// A transaction was not sent, or did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The node does not answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The call cannot be made on this chain: its runtime has other calls or types.
    #[error("cannot make {call} for this chain: {reason}")]
    Unfit {
        /// The call.
        call: String,
        /// What does not fit.
        reason: String,
    },
    /// An earlier transaction of the account waits to be included.
    #[error("an earlier transaction of this account is still waiting")]
    Waiting,
    /// The node did not take the transaction: the account cannot pay, or the block is too full for it.
    #[error("the node refused {call}: {reason}")]
    Refused {
        /// The call.
        call: String,
        /// What the node said.
        reason: String,
    },
    /// The transaction is in a block and failed there.
    #[error("{call} failed: {pallet}::{name}")]
    Failed {
        /// The call.
        call: String,
        /// The pallet whose error it is.
        pallet: String,
        /// The error's name.
        name: String,
    },
    /// The transaction was dropped or replaced, or was not included in time.
    #[error("{call} was not included: {reason}")]
    NotIncluded {
        /// The call.
        call: String,
        /// What happened.
        reason: String,
    },
    /// The transaction was included, and what it did cannot be read.
    #[error("cannot read what {call} did: {reason}")]
    Unreadable {
        /// The call.
        call: String,
        /// What was wrong.
        reason: String,
    },
}

impl SubmitError {
    /// Whether the transaction failed with this error of this pallet.
    pub fn is(&self, wanted_pallet: &str, wanted_name: &str) -> bool {
        matches!(self, Self::Failed { pallet, name, .. } if pallet == wanted_pallet && name == wanted_name)
    }
}

impl InBlock {
    /// The first event of the type `E`.
    pub fn find<E: Known>(&self) -> Result<Option<E>, codec::Error> {
        self.events.iter().find_map(Event::read).transpose()
    }
}

impl Chain {
    /// The bytes of a call, as the chain's runtime numbers pallets and calls.
    ///
    /// # Errors
    /// When the runtime has no such call, or other types.
    pub async fn call_bytes(&self, call: &Call) -> Result<Vec<u8>, SubmitError> {
        let unfit = |reason: String| SubmitError::Unfit {
            call: call.title(),
            reason,
        };
        let transactions = self.client.tx().await.map_err(|error| unfit(error.to_string()))?;
        transactions
            .call_data(call)
            .map_err(|error| unfit(error.to_string()))
    }

    /// Signs a call, sends it, and waits until it is in a block.
    pub async fn submit(&self, call: &Call, signer: &Signer) -> Result<InBlock, SubmitError> {
        let not_included = |reason: &str| SubmitError::NotIncluded {
            call: call.title(),
            reason: reason.into(),
        };
        tokio::time::timeout(PATIENCE, self.submit_and_wait(call, signer))
            .await
            .map_err(|_| not_included("it took too long"))?
    }

    /// What a call would cost its sender, in plancks, as of the best block.
    ///
    /// # Errors
    /// When the node does not answer, or the call cannot be made on this chain.
    pub async fn fee(&self, call: &Call, signer: &Signer) -> Result<Balance, SubmitError> {
        let signed = self.sign(call, signer).await?;
        signed
            .partial_fee_estimate()
            .await
            .map_err(|error| SubmitError::Refused {
                call: call.title(),
                reason: error.to_string(),
            })
    }

    /// Signs a call with the account's next nonce.
    async fn sign(&self, call: &Call, signer: &Signer) -> Result<Signed, SubmitError> {
        let (_, best) = self.best_block().await?;
        let nonce = self.nonce(best, &signer.account()).await?;
        let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .nonce(nonce.into())
            .mortal(MORTALITY)
            .build();
        let unfit = |reason: String| SubmitError::Unfit {
            call: call.title(),
            reason,
        };
        let mut transactions = self.client.tx().await.map_err(|error| unfit(error.to_string()))?;
        transactions
            .create_signed(call, signer.keypair(), params)
            .await
            .map_err(|error| unfit(error.to_string()))
    }

    async fn submit_and_wait(&self, call: &Call, signer: &Signer) -> Result<InBlock, SubmitError> {
        let not_included = |reason: String| SubmitError::NotIncluded {
            call: call.title(),
            reason,
        };
        let signed = self.sign(call, signer).await?;
        let mut progress = signed
            .submit_and_watch()
            .await
            .map_err(|error| refusal(call, &error))?;
        while let Some(status) = progress.next().await {
            match status.map_err(|error| not_included(error.to_string()))? {
                TransactionStatus::InBestBlock(place) | TransactionStatus::InFinalizedBlock(place) => {
                    let events = place
                        .wait_for_success()
                        .await
                        .map_err(|error| failure(call, error))?;
                    let events = events
                        .iter()
                        .map(|event| {
                            event.map(|event| Event {
                                pallet: event.pallet_name().into(),
                                name: event.event_name().into(),
                                fields: event.field_bytes().to_vec(),
                            })
                        })
                        .collect::<Result<_, _>>()
                        .map_err(|error| SubmitError::Unreadable {
                            call: call.title(),
                            reason: error.to_string(),
                        })?;
                    return Ok(InBlock {
                        block: place.block_hash(),
                        transaction: place.extrinsic_hash(),
                        events,
                    });
                }
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(not_included(message)),
                _ => {}
            }
        }
        Err(not_included("the node stopped reporting on it".into()))
    }
}

/// What it means that the node did not take a transaction.
fn refusal(call: &Call, error: &ExtrinsicError) -> SubmitError {
    let code = match error {
        ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
            rpcs::Error::User(user),
        ))) => Some(user.code),
        _ => None,
    };
    if code.is_some_and(|code| WAITING_CODES.contains(&code)) {
        return SubmitError::Waiting;
    }
    SubmitError::Refused {
        call: call.title(),
        reason: error.to_string(),
    }
}

/// What it means that a transaction in a block has no events of success.
fn failure(call: &Call, error: TransactionEventsError) -> SubmitError {
    let failed = |pallet: String, name: String| SubmitError::Failed {
        call: call.title(),
        pallet,
        name,
    };
    match error {
        TransactionEventsError::ExtrinsicFailed(DispatchError::Module(module)) => match module.details() {
            Ok(details) => failed(details.pallet.name().into(), details.variant.name.clone()),
            Err(error) => SubmitError::Unreadable {
                call: call.title(),
                reason: error.to_string(),
            },
        },
        TransactionEventsError::ExtrinsicFailed(error) => failed("System".into(), error.to_string()),
        error => SubmitError::Unreadable {
            call: call.title(),
            reason: error.to_string(),
        },
    }
}
