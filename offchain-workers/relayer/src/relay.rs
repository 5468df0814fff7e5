//! What is to be done, and doing it.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolEvent;
use tracing::{info, warn};
use weft_chain::{
    Balance, BlockNumber, Chain,
    finality::{BeefyValidators, Justification, ResultProof},
};
use weft_ethereum::{
    Gateway, GatewayError, Receipt, SendError, Sender, gateway::abi, sender::MAX_TRANSACTION_GAS,
};
use weft_primitives::H256;

use crate::{
    RelayError, batch,
    commitment::{self, CommitmentError},
    leaf,
    message::{commitment_gas, delivery, delivery_gas, message},
    sessions,
    transact::outdone,
    turns::{Turns, Work},
};

/// Most results that are brought at once.
const MAX_BATCH: usize = 32;
/// Most bytes of payload that are brought at once: nodes take transactions of up to 128 KiB.
const MAX_BATCH_BYTES: usize = 64 * 1024;

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something was relayed, and there may be more to do.
    Relayed,
    /// There are messages for the gateway that BEEFY has not finalised yet.
    Waiting,
    /// All that was settled for this gateway has been accepted by it, or cannot be.
    Idle,
}

/// Relays between one Weft and one gateway.
pub struct Relayer {
    pub(crate) chain: Chain,
    pub(crate) gateway: Gateway,
    pub(crate) sender: Sender,
    /// Account on Weft that is paid for what is brought.
    pub(crate) account: B256,
    /// All messages below this nonce are done with.
    pub(crate) done: u64,
    /// Messages that the gateway would not take when it was asked; it is asked again, and the operator is told once.
    passed_over: BTreeSet<u64>,
    /// When it waits for rivals, and how long.
    turns: Turns,
    /// Messages that pay less are left to others, in plancks.
    pub(crate) least_reward: Balance,
}

/// How a relayer stands to others and to pay.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// Longest wait before a piece of work, for a rival to do it.
    pub turns: Duration,
    /// Messages that pay less are not brought, in plancks.
    pub least_reward: Balance,
}

impl Relayer {
    /// A relayer, if the gateway follows this Weft. What it brings is to be paid to `account` on Weft.
    pub async fn new(
        chain: Chain,
        gateway: Gateway,
        sender: Sender,
        account: [u8; 32],
        terms: Terms,
    ) -> Result<Self, RelayError> {
        let (known, node) = (gateway.weft_genesis().await?, B256::from(chain.genesis().0));
        if known != node {
            return Err(RelayError::OtherWeft { gateway: known, node });
        }
        let turns = Turns::new(sender.account(), terms.turns);
        Ok(Self {
            chain,
            gateway,
            sender,
            account: B256::from(account),
            done: 0,
            passed_over: BTreeSet::new(),
            turns,
            least_reward: terms.least_reward,
        })
    }

    /// Does what is next: all handovers that are due, then a commitment if a message needs one, then the messages.
    pub async fn step(&mut self) -> Result<Progress, RelayError> {
        let Some(head) = self.chain.beefy_head().await? else {
            return Ok(Progress::Waiting);
        };
        let set = sessions::set_at(&self.chain, head.0, head.1).await?;
        loop {
            let next = self.gateway.next_set().await?.id;
            if next > set {
                break;
            }
            if !self.turns.has_come(Work::Handover(next), Instant::now()) {
                return Ok(Progress::Waiting);
            }
            if outdone(self.hand_over(head).await)?.is_none() {
                // A rival's may wait in the pool: it is there with the next block.
                return Ok(Progress::Waiting);
            }
        }
        let mut pending = self.pending(head).await?;
        let turns = &mut self.turns;
        let waiting = pending.proofs.len();
        let mut has_come = |proof: &ResultProof| turns.has_come(Work::Message(proof.nonce), Instant::now());
        pending
            .proofs
            .retain(|proof| proof.mmr_block > head.0 || has_come(proof));
        pending.unfinished |= pending.proofs.len() < waiting;
        let mut known = self.gateway.latest_block().await?;
        let newest = self.gateway.ethereum().latest_header().await?;
        let is_paused = self.gateway.paused_until().await? > newest.timestamp;
        let mut is_worth_a_root = false;
        for proof in &pending.proofs {
            let is_coverable = known < proof.mmr_block && proof.mmr_block <= head.0;
            is_worth_a_root |= is_coverable && self.could_be_delivered(proof, is_paused, newest.number)?;
        }
        if is_worth_a_root {
            outdone(self.commit(head).await)?;
            known = self.gateway.latest_block().await?;
        }
        let mut progress = if pending.unfinished {
            Progress::Waiting
        } else {
            Progress::Idle
        };
        // A gateway that is ahead of this node has a root that this node cannot prove under.
        if known > head.0 {
            return Ok(Progress::Waiting);
        }
        let (mut ready, later): (Vec<_>, Vec<_>) = pending
            .proofs
            .into_iter()
            .partition(|proof| proof.mmr_block <= known);
        if !later.is_empty() {
            progress = Progress::Waiting;
        }
        // Those that would be refused, or bring nothing, would spoil a batch.
        let mut fresh = Vec::new();
        for proof in ready.drain(..) {
            let nonce = proof.nonce;
            match self.try_out(&proof, known, head.1).await {
                Ok(true) => {
                    self.passed_over.remove(&nonce);
                    fresh.push(proof);
                }
                Ok(false) => {
                    if self.passed_over.insert(nonce) {
                        warn!(nonce, "the message's destination would fail; passing it over");
                    }
                }
                Err(RelayError::Gateway(GatewayError::Refused { call, reason })) => {
                    if self.passed_over.insert(nonce) {
                        warn!(nonce, call, %reason, "the gateway would refuse the message; passing it over");
                    }
                }
                Err(error) => return Err(error),
            }
        }
        loop {
            let delivered = self.deliver_batch(&fresh, known, head.1).await;
            let Some(delivered) = outdone(delivered)? else {
                // Which of them a rival has brought is seen in the next step.
                return Ok(Progress::Waiting);
            };
            let Some(count) = delivered else { break };
            progress = Progress::Relayed;
            fresh.drain(..count);
        }
        for proof in &fresh {
            match outdone(self.deliver(proof, known, head.1).await) {
                Ok(Some(())) => progress = Progress::Relayed,
                Ok(None) => {}
                // One message must not stop the others.
                Err(RelayError::Gateway(GatewayError::Refused { call, reason })) => {
                    warn!(nonce = proof.nonce, call, %reason, "the gateway would refuse the message now");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(progress)
    }

    /// Lets the gateway's next validator set take over, by the first block of its session.
    async fn hand_over(&self, head: (BlockNumber, H256)) -> Result<(), RelayError> {
        let set = self.gateway.next_set().await?.id;
        let block = sessions::start_of(&self.chain, set, head).await?;
        let hash = self.chain.block_hash(block).await?;
        let signed = self
            .chain
            .justification(hash)
            .await?
            .ok_or(RelayError::NoJustification(block))?;
        let validators = self
            .chain
            .validators_from(hash)
            .await?
            .ok_or(RelayError::NoValidators(block))?;
        let (commitment, signers) = commitment::arguments(&signed, &validators)?;
        let (leaf, leaf_proof) = leaf::arguments(&self.chain.mmr_proof(&[block], block, head.1).await?)?;
        let gas = commitment_gas(signers.validators.len()) + 60_000 + 2_000 * leaf_proof.items.len() as u64;
        let receipt = self
            .transact(
                &abi::submitHandoverCall {
                    commitment,
                    signers,
                    leaf,
                    leafProof: leaf_proof,
                    relayer: self.account,
                },
                gas,
            )
            .await?;
        info!(set, block, gas = receipt.gas_used, transaction = %receipt.transaction, ethereum_block = receipt.block,
            "the gateway follows the next validators");
        Ok(())
    }

    /// Brings the gateway up to the head.
    async fn commit(&self, head: (BlockNumber, H256)) -> Result<(), RelayError> {
        // The node names a head a moment before it has stored the justification.
        let Some(signed) = self.chain.justification(head.1).await? else {
            return Ok(());
        };
        let validators = self.validators(&signed, head).await?;
        let (commitment, signers) = commitment::arguments(&signed, &validators)?;
        let gas = commitment_gas(signers.validators.len());
        let receipt = self
            .transact(
                &abi::submitCommitmentCall {
                    commitment,
                    signers,
                    relayer: self.account,
                },
                gas,
            )
            .await?;
        info!(block = head.0, set = validators.id(), gas = receipt.gas_used, transaction = %receipt.transaction,
            ethereum_block = receipt.block, "the gateway has a newer commitment");
        Ok(())
    }

    async fn validators(
        &self,
        signed: &Justification,
        head: (BlockNumber, H256),
    ) -> Result<BeefyValidators, RelayError> {
        let validators = self.chain.validators_at(head.1).await?;
        let validators = validators.ok_or(RelayError::NoValidators(head.0))?;
        let set = signed.commitment.validator_set_id;
        if set != validators.id() {
            return Err(CommitmentError::OtherSet {
                commitment: set,
                validators: validators.id(),
            }
            .into());
        }
        Ok(validators)
    }

    /// Delivers the first of these messages together, where there are several that fit one transaction. How many were brought; `None` if
    /// there are too few, or the gateway would refuse one of them.
    async fn deliver_batch(
        &self,
        proofs: &[ResultProof],
        known: BlockNumber,
        head: H256,
    ) -> Result<Option<usize>, RelayError> {
        let (mut gas, mut bytes, mut count) = (0_u64, 0, 0);
        for proof in proofs.iter().take(MAX_BATCH) {
            let needed = delivery_gas(&message(proof)?, proof.items.len() + 4);
            bytes += proof.message.len();
            if gas.saturating_add(needed) > MAX_TRANSACTION_GAS || bytes > MAX_BATCH_BYTES {
                break;
            }
            gas += needed;
            count += 1;
        }
        if count < 2 {
            return Ok(None);
        }
        let sections = batch::sections(&proofs[..count]);
        let blocks: Vec<BlockNumber> = sections.keys().copied().collect();
        let leaves = self.chain.mmr_proof(&blocks, known, head).await?;
        let call = abi::deliverBatchCall {
            batch: batch::argument(&sections, &leaves, known)?,
            relayer: self.account,
        };
        // A batch of which nothing is new is not refused.
        let is_new = |accepted: &U256| !accepted.is_zero();
        let receipt = match self.transact_if(&call, gas, is_new).await {
            Ok(receipt) => receipt,
            Err(RelayError::Gateway(GatewayError::Refused { reason, .. })) => {
                info!(count, %reason, "the gateway would refuse the batch; bringing its results one by one");
                return Ok(None);
            }
            Err(RelayError::Send(error @ SendError::Refused(_))) => {
                info!(count, %error, "bringing the results of the batch one by one");
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let delivered = self.count(&receipt, abi::Delivered::SIGNATURE_HASH);
        let failed = self.count(&receipt, abi::Failed::SIGNATURE_HASH);
        info!(delivered, failed, gas = receipt.gas_used, transaction = %receipt.transaction, ethereum_block = receipt.block,
            "the results are delivered");
        Ok(Some(count))
    }

    /// How often the gateway logged an event.
    fn count(&self, receipt: &Receipt, event: B256) -> usize {
        let logs = receipt.logs.iter();
        logs.filter(|log| log.address() == self.gateway.address() && log.topic0() == Some(&event))
            .count()
    }

    /// Delivers a message under the root of block `known`.
    async fn deliver(&self, proof: &ResultProof, known: BlockNumber, head: H256) -> Result<(), RelayError> {
        let nonce = proof.nonce;
        let call = delivery(&self.chain, proof, known, head, self.account).await?;
        let items = call.leafProof.items.len() + call.outboxProof.items.len();
        let gas = delivery_gas(&call.message, items);
        let receipt = self.transact(&call, gas).await?;
        if self.count(&receipt, abi::Delivered::SIGNATURE_HASH) > 0 {
            info!(nonce, gas = receipt.gas_used, transaction = %receipt.transaction, ethereum_block = receipt.block,
                "the result is delivered");
        } else {
            warn!(nonce, gas = receipt.gas_used, transaction = %receipt.transaction, ethereum_block = receipt.block,
                "the result is accepted, but its destination failed; anybody can retry it");
        }
        Ok(())
    }
}
