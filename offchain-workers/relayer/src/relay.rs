//! What is to be done, and doing it.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use alloy_primitives::{B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolEvent};
use tracing::{info, warn};
use weft_chain::{
    Balance, BlockNumber, Chain, FinalityError, QueryError,
    finality::{BeefyValidators, Justification, ResultProof},
};
use weft_ethereum::{
    At, Gateway, GatewayError, Receipt, SendError, Sender,
    gateway::{Refusal, abi},
    sender::MAX_TRANSACTION_GAS,
};
use weft_primitives::{GatewayId, H160, H256};

use crate::{
    batch,
    commitment::{self, CommitmentError},
    leaf::{self, LeafError},
    message::{commitment_gas, delivery, delivery_gas, message},
    sessions,
    turns::{Turns, Work},
};

/// Most results that are brought at once.
const MAX_BATCH: usize = 32;

/// Something could not be relayed, for now or for good.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// What the node of Weft says about finality cannot be used.
    #[error(transparent)]
    Finality(#[from] FinalityError),
    /// The gateway does not answer, or would refuse.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A transaction was not included.
    #[error(transparent)]
    Send(#[from] SendError),
    /// A commitment cannot be given to the gateway.
    #[error(transparent)]
    Commitment(#[from] CommitmentError),
    /// A leaf of the MMR cannot be read.
    #[error(transparent)]
    Leaf(#[from] LeafError),
    /// The gateway follows another Weft.
    #[error("the gateway follows the Weft with genesis {gateway}, and the node is of {node}")]
    OtherWeft {
        /// Genesis that the gateway knows.
        gateway: B256,
        /// Genesis of the node's chain.
        node: B256,
    },
    /// The node has no BEEFY justification for the first block of a session.
    #[error(
        "the node has no BEEFY justification for block {0}, with which a session starts; ask a node that has"
    )]
    NoJustification(BlockNumber),
    /// The node does not know who the validators of a block were.
    #[error("the node does not know the validators of block {0}")]
    NoValidators(BlockNumber),
    /// Nothing of what would be brought is new.
    #[error("all of it was brought by another")]
    Outdone,
    /// A message cannot be read.
    #[error("message {0} cannot be read")]
    Message(u64),
}

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
    chain: Chain,
    gateway: Gateway,
    sender: Sender,
    /// Account on Weft that is paid for what is brought.
    account: B256,
    /// All messages below this nonce are done with.
    done: u64,
    /// Messages that the gateway would not take when it was asked; it is asked again, and the operator is told once.
    passed_over: BTreeSet<u64>,
    /// When it waits for rivals, and how long.
    turns: Turns,
    /// Messages that pay less are left to others, in plancks.
    least_reward: Balance,
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
            outdone(self.hand_over(head).await)?;
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
        let coverable = |proof: &ResultProof| known < proof.mmr_block && proof.mmr_block <= head.0;
        if pending.proofs.iter().any(coverable) {
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
        // Those that were refused before would spoil a batch.
        let (refused, mut fresh): (Vec<_>, Vec<_>) = ready
            .drain(..)
            .partition(|proof| self.passed_over.contains(&proof.nonce));
        loop {
            let delivered = self.deliver_batch(&fresh, known, head.1).await;
            let Some(delivered) = outdone(delivered)? else {
                // Which of them a rival has brought is seen in the next step.
                return Ok(Progress::Relayed);
            };
            let Some(count) = delivered else { break };
            progress = Progress::Relayed;
            fresh.drain(..count);
        }
        for proof in fresh.iter().chain(&refused) {
            match outdone(self.deliver(proof, known, head.1).await) {
                Ok(_) => progress = Progress::Relayed,
                // One message must not stop the others.
                Err(RelayError::Gateway(GatewayError::Refused { call, reason })) => {
                    if self.passed_over.insert(proof.nonce) {
                        warn!(nonce = proof.nonce, call, %reason, "the gateway would refuse the message; passing it over");
                    }
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

    /// The messages for this gateway that it has not accepted.
    async fn pending(&mut self, head: (BlockNumber, H256)) -> Result<Pending, RelayError> {
        let mut pending = Pending::default();
        let (_, best) = self.chain.best_block().await?;
        let next = self.chain.next_nonce(best).await?;
        let finished = self.chain.next_nonce(head.1).await?;
        pending.unfinished = next > finished;
        for nonce in self.done..finished {
            if !self.gateway.has_accepted(nonce).await? {
                // As of the best block: the state of the head may be older, and the proof is the same.
                let proof = self.chain.result_proof(nonce, best).await?;
                if self.is_for_us(&proof)? {
                    if self.pays(nonce, best).await? {
                        pending.proofs.push(proof);
                    } else {
                        // Somebody may yet tip it.
                        pending.unpaid = true;
                    }
                    continue;
                }
            }
            if pending.proofs.is_empty() && !pending.unpaid {
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
        let promised = rewards.iter().find(|reward| reward.gateway == here);
        Ok(promised.is_some_and(|reward| reward.amount >= self.least_reward))
    }

    fn is_for_us(&self, proof: &ResultProof) -> Result<bool, RelayError> {
        let destination = message(proof)?.destination;
        Ok(destination.gateway == self.gateway.address() && destination.chainId == self.sender.chain_id())
    }

    /// Delivers the first of these messages together, where there are several that fit one transaction. How many were brought; `None` if
    /// there are too few, or the gateway would refuse one of them.
    async fn deliver_batch(
        &self,
        proofs: &[ResultProof],
        known: BlockNumber,
        head: H256,
    ) -> Result<Option<usize>, RelayError> {
        let mut gas = 0_u64;
        let mut count = 0;
        for proof in proofs.iter().take(MAX_BATCH) {
            gas = gas.saturating_add(delivery_gas(&message(proof)?, proof.items.len() + 4));
            if gas > MAX_TRANSACTION_GAS {
                break;
            }
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

    /// Sends a call, if the gateway would take it, and takes it back once the gateway would not any more.
    async fn transact<C: SolCall>(&self, call: &C, gas: u64) -> Result<Receipt, RelayError> {
        self.transact_if(call, gas, |_| true).await
    }

    /// The same, as long as what the gateway would return is `useful`.
    async fn transact_if<C: SolCall>(
        &self,
        call: &C,
        gas: u64,
        useful: impl Fn(&C::Return) -> bool,
    ) -> Result<Receipt, RelayError> {
        let mut gas = gas.min(MAX_TRANSACTION_GAS);
        let from = self.sender.account();
        match self.gateway.ask(call, from, Some(gas), At::Pending).await {
            Ok(answer) if !useful(&answer) => return Err(RelayError::Outdone),
            Ok(_) => {}
            Err(GatewayError::Refused {
                reason: Refusal::Known(reason),
                call: name,
            }) => match *reason {
                abi::GatewayErrors::NotEnoughGas(missing) => {
                    let missing: u64 = (missing.required - missing.available).saturating_to();
                    gas = gas.saturating_add(missing).saturating_add(missing / 16 + 1_000);
                    self.gateway.ask(call, from, Some(gas), At::Pending).await?;
                }
                reason => {
                    let reason = Refusal::Known(Box::new(reason));
                    return Err(GatewayError::Refused { call: name, reason }.into());
                }
            },
            Err(error) => return Err(error.into()),
        }
        let data = Bytes::from(call.abi_encode());
        // Only a refusal counts: a node that does not answer says nothing about the call.
        let needed = async || {
            let asked = self.gateway.ask(call, from, Some(gas), At::Latest).await;
            match asked {
                Ok(answer) => useful(&answer),
                Err(error) => !matches!(error, GatewayError::Refused { .. }),
            }
        };
        let sent = self.sender.send_while(self.gateway.address(), data, gas, needed);
        Ok(sent.await?)
    }
}

/// What was done, or `None` where a rival was faster: the gateway says so before, or the transaction came too late.
fn outdone<T>(done: Result<T, RelayError>) -> Result<Option<T>, RelayError> {
    use abi::GatewayErrors::{AlreadyAccepted, StaleCommitment, WrongValidatorSet};
    let reason = match done {
        Ok(done) => return Ok(Some(done)),
        Err(RelayError::Gateway(GatewayError::Refused {
            call,
            reason: Refusal::Known(reason),
        })) if matches!(
            *reason,
            AlreadyAccepted(_) | StaleCommitment(_) | WrongValidatorSet(_)
        ) =>
        {
            let reason = Refusal::Known(reason);
            GatewayError::Refused { call, reason }.to_string()
        }
        Err(error @ RelayError::Outdone) => error.to_string(),
        Err(RelayError::Send(error @ (SendError::Withdrawn { .. } | SendError::Reverted { .. }))) => {
            error.to_string()
        }
        Err(error) => return Err(error),
    };
    info!(reason, "another relayer was faster");
    Ok(None)
}

/// Messages that are not accepted yet.
#[derive(Default)]
struct Pending {
    /// Those that BEEFY has finalised, with their proofs.
    proofs: Vec<ResultProof>,
    /// Whether there are some that pay too little.
    unpaid: bool,
    /// Whether there are more that it has not.
    unfinished: bool,
}
