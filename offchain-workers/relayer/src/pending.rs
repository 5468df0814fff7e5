//! Which messages are to be brought.

use weft_chain::{BlockNumber, finality::ResultProof};
use weft_ethereum::{
    At, GatewayError,
    gateway::{Refusal, abi},
    sender::MAX_TRANSACTION_GAS,
};
use weft_primitives::{GatewayId, H160, H256};

use crate::{
    RelayError, Relayer,
    message::{delivery, delivery_gas, message},
};

/// How old a source may be for the gateway to know its block, in blocks of Ethereum.
const HISTORY_WINDOW: u64 = 8_191;
/// Below so many blocks of Ethereum nothing is reorganised away: three epochs.
const DEEP: u64 = 96;
/// Slots of Ethereum that have to be left of a reward: the delivery has to be final, and known to be on Weft.
const TIME_TO_CLAIM: u64 = 600;

/// Messages that are not accepted yet.
#[derive(Default)]
pub(crate) struct Pending {
    /// Those that BEEFY has finalised, with their proofs.
    pub(crate) proofs: Vec<ResultProof>,
    /// Whether there are some that may have to be looked at again.
    open: bool,
    /// Whether there are more that it has not.
    pub(crate) unfinished: bool,
}

impl Relayer {
    /// The messages for this gateway that it has not accepted.
    pub(crate) async fn pending(&mut self, head: (BlockNumber, H256)) -> Result<Pending, RelayError> {
        let mut pending = Pending::default();
        let (_, best) = self.chain.best_block().await?;
        let next = self.chain.next_nonce(best).await?;
        let finished = self.chain.next_nonce(head.1).await?;
        pending.unfinished = next > finished;
        let newest = self.gateway.ethereum().block_number().await?;
        let deep = newest.saturating_sub(DEEP);
        for nonce in self.done..finished {
            let mut is_done = false;
            if !self.gateway.has_accepted(nonce).await? {
                // As of the best block: the state of the head may be older, and the proof is the same.
                let proof = self.chain.result_proof(nonce, best).await?;
                if self.is_for_us(&proof)? {
                    // Somebody may yet tip one that does not pay.
                    if self.pays(nonce, best).await? {
                        pending.proofs.push(proof);
                    }
                    pending.open = true;
                } else {
                    is_done = true;
                }
            } else {
                // A block that is reorganised away takes the acceptance with it.
                is_done = !pending.open && self.gateway.had_accepted(nonce, deep).await;
            }
            pending.open |= !is_done;
            if !pending.open {
                self.done = nonce + 1;
            }
        }
        Ok(pending)
    }

    /// Whether enough is promised for a message.
    async fn pays(&self, nonce: u64, at: H256) -> Result<bool, RelayError> {
        if self.least_reward == 0 {
            return Ok(true);
        }
        let here = GatewayId {
            chain_id: self.sender.chain_id(),
            address: H160(self.gateway.address().into_array()),
        };
        let rewards = self.chain.rewards_of(at, nonce).await?;
        let now = self.chain.clock(at).await?.map_or(0, |clock| clock.now);
        let promised = rewards.iter().find(|reward| reward.gateway == here);
        Ok(promised.is_some_and(|reward| {
            reward.amount >= self.least_reward && reward.until > now.saturating_add(TIME_TO_CLAIM)
        }))
    }

    fn is_for_us(&self, proof: &ResultProof) -> Result<bool, RelayError> {
        let destination = message(proof)?.destination;
        Ok(destination.gateway == self.gateway.address() && destination.chainId == self.sender.chain_id())
    }

    /// Whether a message could be delivered under a root that there is not yet, as far as that can be said.
    pub(crate) fn could_be_delivered(
        &self,
        proof: &ResultProof,
        is_paused: bool,
        newest: u64,
    ) -> Result<bool, RelayError> {
        let message = message(proof)?;
        let here = self.sender.chain_id();
        let sources = message.sources.iter().filter(|source| source.chainId == here);
        let oldest = sources.map(|source| source.lastBlock).min().unwrap_or(newest);
        Ok((!is_paused || message.graph.is_zero()) && newest.saturating_sub(oldest) < HISTORY_WINDOW)
    }

    /// Whether a message that can be proved would be delivered now. Who is not paid brings those too whose destination fails: they are accepted, and anybody can retry.
    pub(crate) async fn try_out(
        &self,
        proof: &ResultProof,
        known: BlockNumber,
        head: H256,
    ) -> Result<bool, RelayError> {
        let call = delivery(&self.chain, proof, known, head, self.account).await?;
        let items = call.leafProof.items.len() + call.outboxProof.items.len();
        let gas = delivery_gas(&call.message, items).min(MAX_TRANSACTION_GAS);
        let asked = self
            .gateway
            .ask(&call, self.sender.account(), Some(gas), At::Latest);
        match asked.await {
            Ok(delivered) => Ok(delivered || self.account.is_zero()),
            // The gas is found when it is sent.
            Err(GatewayError::Refused {
                reason: Refusal::Known(reason),
                ..
            }) if matches!(*reason, abi::GatewayErrors::NotEnoughGas(_)) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}
