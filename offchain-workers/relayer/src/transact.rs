//! Sending calls to the gateway, where others may be faster.

use alloy_primitives::Bytes;
use alloy_sol_types::SolCall;
use tracing::info;
use weft_ethereum::{
    At, GatewayError, Receipt, SendError,
    gateway::{Refusal, abi},
    sender::MAX_TRANSACTION_GAS,
};

use crate::{RelayError, Relayer};

impl Relayer {
    /// Sends a call, if the gateway would take it, and takes it back once the gateway would not any more.
    pub(crate) async fn transact<C: SolCall>(&self, call: &C, gas: u64) -> Result<Receipt, RelayError> {
        self.transact_if(call, gas, |_| true).await
    }

    /// The same, as long as what the gateway would return is `useful`.
    pub(crate) async fn transact_if<C: SolCall>(
        &self,
        call: &C,
        gas: u64,
        useful: impl Fn(&C::Return) -> bool,
    ) -> Result<Receipt, RelayError> {
        let mut gas = gas.min(MAX_TRANSACTION_GAS);
        let from = self.sender.account();
        // An own transaction that waits from before is not a rival's: this one takes its place.
        let at = match self.sender.has_waiting().await {
            true => At::Latest,
            false => At::Pending,
        };
        match self.gateway.ask(call, from, Some(gas), at).await {
            Ok(answer) if !useful(&answer) => return Err(RelayError::Outdone),
            Ok(_) => {}
            Err(GatewayError::Refused {
                reason: Refusal::Known(reason),
                call: name,
            }) => match *reason {
                abi::GatewayErrors::NotEnoughGas(missing) => {
                    let missing: u64 = (missing.required - missing.available).saturating_to();
                    gas = gas.saturating_add(missing).saturating_add(missing / 16 + 1_000);
                    self.gateway.ask(call, from, Some(gas), at).await?;
                }
                reason => {
                    let reason = Refusal::Known(Box::new(reason));
                    return Err(GatewayError::Refused { call: name, reason }.into());
                }
            },
            Err(error) => return Err(error.into()),
        }
        let data = Bytes::from(call.abi_encode());
        // Only what a rival brings about counts: a node that is behind, or does not answer, says nothing about the call.
        let needed = async || {
            let asked = self.gateway.ask(call, from, Some(gas), At::Latest).await;
            match asked {
                Ok(answer) => useful(&answer),
                Err(error) => !is_outdone(&error),
            }
        };
        let sent = self.sender.send_while(self.gateway.address(), data, gas, needed);
        Ok(sent.await?)
    }
}

/// What was done, or `None` where a rival was faster: the gateway says so before, or the transaction came too late.
pub(crate) fn outdone<T>(done: Result<T, RelayError>) -> Result<Option<T>, RelayError> {
    let reason = match done {
        Ok(done) => return Ok(Some(done)),
        Err(RelayError::Gateway(error)) if is_outdone(&error) => error.to_string(),
        Err(error @ RelayError::Outdone) => error.to_string(),
        Err(RelayError::Send(error @ (SendError::Withdrawn { .. } | SendError::Reverted { .. }))) => {
            error.to_string()
        }
        Err(error) => return Err(error),
    };
    info!(reason, "another relayer was faster");
    Ok(None)
}

/// Whether the gateway refuses because somebody has done it.
fn is_outdone(error: &GatewayError) -> bool {
    use abi::GatewayErrors::{AlreadyAccepted, StaleCommitment, WrongValidatorSet};
    match error {
        GatewayError::Refused {
            reason: Refusal::Known(reason),
            ..
        } => matches!(
            **reason,
            AlreadyAccepted(_) | StaleCommitment(_) | WrongValidatorSet(_)
        ),
        _ => false,
    }
}
