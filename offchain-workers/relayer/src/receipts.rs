//! What gateways wrote into receipts, brought to Weft: claims of relayers, reports of lies.

use std::time::{Duration, Instant};

use tracing::{info, warn};
use weft_chain::{
    Balance, Call, Chain, FinalityError, QueryError, Signer, SubmitError,
    calls::{ReceiptEvidence, RootProof},
};
use weft_ethereum::{Ethereum, EthereumError, FetchError, FinalBlock, LineageError, logs::PlacedEvent};
use weft_primitives::{
    AcceptedCommitment, BoundedVec, GatewayEvent, GatewayId, H256, Query, SourceBlock, query::EventFilter,
};

/// Most blocks that a node is asked for events of at once.
const PAGE: u64 = 5_000;
/// Most events of one claim.
const MAX_EVENTS: usize = 64;
/// How many blocks are looked back over at the start: as long as rewards stand.
const LOOK_BACK: u64 = 28 * 7_200;
/// After how long all of them are looked at once more: a commitment may have been of a block that was to come, a claim too dear, or undone with its block.
const LOOK_AGAIN: Duration = Duration::from_secs(3_600);
/// How far above what is final on Weft a number has to be to be taken for one of another chain, rather than of a node that is behind.
const FAR_AHEAD: u32 = 1_000;

/// Receipts could not be brought, for now or for good.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptsError {
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// What the node of Weft says about finality cannot be used.
    #[error(transparent)]
    Finality(#[from] FinalityError),
    /// The node of Ethereum does not answer.
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    /// The evidence cannot be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Nothing leads to a block that Weft knows to be final.
    #[error(transparent)]
    Lineage(#[from] LineageError),
    /// A transaction was not included.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl ReceiptsError {
    /// Whether the same may well work in a moment: a connection failed, or another transaction of the account waits.
    fn may_pass(&self) -> bool {
        match self {
            Self::Chain(error) => !matches!(error, QueryError::Missing(_)),
            Self::Submit(error) => matches!(error, SubmitError::Waiting | SubmitError::NotIncluded { .. }),
            Self::Ethereum(_) => true,
            Self::Finality(_) | Self::Fetch(_) | Self::Lineage(_) => false,
        }
    }
}

/// Brings what one gateway did to Weft.
pub struct Receipts {
    chain: Chain,
    ethereum: Ethereum,
    gateway: GatewayId,
    signer: Signer,
    /// The first block that was not looked at yet, and when all are looked at again.
    next: Option<(u64, Instant)>,
}

impl Receipts {
    /// For the account of `signer`, which is the one that gateways name as relayer.
    pub fn new(chain: Chain, ethereum: Ethereum, gateway: GatewayId, signer: Signer) -> Self {
        Self {
            chain,
            ethereum,
            gateway,
            signer,
            next: None,
        }
    }

    /// Looks at the blocks that have become final on Weft since the last time: claims what this account is owed, and reports commitments that disagree with
    /// Weft. How many transactions that took.
    ///
    /// # Errors
    /// When somebody does not answer. What was not looked at is looked at the next time.
    pub async fn step(&mut self) -> Result<usize, ReceiptsError> {
        let (_, at) = self.chain.best_block().await?;
        let Some(newest) = self.chain.newest_anchor(at).await? else {
            return Ok(0);
        };
        // A node that is behind would list too little.
        if self.ethereum.block_number().await? < newest.number {
            return Ok(0);
        }
        let mut sent = 0;
        let known = self.next.filter(|(_, again)| Instant::now() < *again);
        let (mut first, again) = known.unwrap_or_else(|| {
            let oldest = newest.number.saturating_sub(LOOK_BACK);
            (oldest, Instant::now() + LOOK_AGAIN)
        });
        while first <= newest.number {
            let last = newest.number.min(first + PAGE - 1);
            for transaction in self.events(first, last).await? {
                // One that cannot be shown must not keep others back. It is looked at again.
                match self.bring(at, &transaction).await {
                    Ok(count) => sent += count,
                    Err(error) if error.may_pass() => return Err(error),
                    Err(error) => {
                        let ethereum_block = transaction[0].number;
                        warn!(%error, ethereum_block, "receipts cannot be brought; trying again later");
                    }
                }
            }
            first = last + 1;
            self.next = Some((first, again));
        }
        Ok(sent)
    }

    /// Claims and reports what is in a transaction.
    async fn bring(&self, at: H256, transaction: &[PlacedEvent]) -> Result<usize, ReceiptsError> {
        let claims = self.claim(at, transaction).await;
        let reports = usize::from(self.report(at, transaction).await?);
        Ok(claims? + reports)
    }

    /// The gateway's events of a range that matter here, by transaction.
    async fn events(&self, first: u64, last: u64) -> Result<Vec<Vec<PlacedEvent>>, ReceiptsError> {
        let [delivered, handed_over] = GatewayEvent::paid_topics();
        let topics = vec![delivered, handed_over, GatewayEvent::commitment_topic()];
        let events = self
            .ethereum
            .list_events(&self.filter(topics), first, last)
            .await?;
        let mut transactions: Vec<Vec<PlacedEvent>> = Vec::new();
        let place = |event: &PlacedEvent| (event.number, event.event.transaction_index);
        for event in events {
            match transactions.last_mut() {
                Some(same) if place(&same[0]) == place(&event) => same.push(event),
                _ => transactions.push(vec![event]),
            }
        }
        Ok(transactions)
    }

    fn filter(&self, topics: Vec<H256>) -> EventFilter {
        EventFilter {
            addresses: BoundedVec::truncate_from(vec![self.gateway.address]),
            topics: BoundedVec::truncate_from(vec![BoundedVec::truncate_from(topics)]),
        }
    }

    /// Claims what a transaction has earned this account, as far as that is more than the claim costs. How many claims that took.
    async fn claim(&self, at: H256, transaction: &[PlacedEvent]) -> Result<usize, ReceiptsError> {
        let mut claims = 0;
        let mut evidence = None;
        let topics = GatewayEvent::paid_topics();
        // Weft counts those that are not well formed too.
        let paid = |placed: &&PlacedEvent| {
            placed
                .event
                .topics
                .first()
                .is_some_and(|first| topics.contains(first))
        };
        let events: Vec<&PlacedEvent> = transaction.iter().filter(paid).collect();
        for (window, events) in events.chunks(MAX_EVENTS).enumerate() {
            let mut owed: Balance = 0;
            for placed in events {
                owed = owed.saturating_add(self.owed(at, placed).await?);
            }
            if owed == 0 {
                continue;
            }
            if evidence.is_none() {
                evidence = Some(self.evidence(at, &transaction[0]).await?);
            }
            let Some(shown) = &evidence else { continue };
            let skip = (window * MAX_EVENTS) as u32;
            let call = Call::claim(self.gateway, shown, skip, events.len() as u32);
            let fee = self.chain.fee(&call, &self.signer).await?;
            if fee >= owed {
                info!(
                    owed,
                    fee,
                    ethereum_block = shown.0.number,
                    "a claim would cost more than it brings"
                );
                continue;
            }
            match self.chain.submit(&call, &self.signer).await {
                Ok(_) => {
                    info!(
                        owed,
                        fee,
                        ethereum_block = shown.0.number,
                        "deliveries are claimed"
                    );
                    claims += 1;
                }
                // One that is refused must not keep others back; somebody else may have claimed for this account.
                Err(error @ SubmitError::Failed { .. }) => {
                    warn!(%error, ethereum_block = shown.0.number, "a claim was not taken")
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(claims)
    }

    /// What this account is owed for an event.
    async fn owed(&self, at: H256, placed: &PlacedEvent) -> Result<Balance, ReceiptsError> {
        let own = H256(self.signer.account().0);
        Ok(match GatewayEvent::decode(&placed.event) {
            Some(GatewayEvent::Delivered { nonce, relayer }) if relayer == own => {
                let rewards = self.chain.rewards_of(at, nonce).await?;
                let here = rewards
                    .into_iter()
                    .filter(|reward| reward.gateway == self.gateway);
                here.map(|reward| reward.amount).sum()
            }
            Some(GatewayEvent::HandedOver { set, relayer, .. }) if relayer == own => {
                let reward = self.chain.handover_reward(at, self.gateway, set).await?;
                reward.unwrap_or_default()
            }
            _ => 0,
        })
    }

    /// Reports the commitments of a transaction that disagree with Weft.
    async fn report(&self, at: H256, transaction: &[PlacedEvent]) -> Result<bool, ReceiptsError> {
        let mut reported = false;
        for placed in transaction {
            let Some(GatewayEvent::NewMmrRoot(accepted)) = GatewayEvent::decode(&placed.event) else {
                continue;
            };
            let Some(proof) = self.disproof(&accepted).await? else {
                continue;
            };
            warn!(block = accepted.block, root = ?accepted.root, set = accepted.set,
                "the gateway has accepted a commitment that disagrees with Weft; reporting who signed it");
            let evidence = self.evidence(at, placed).await?;
            let call = Call::report_commitment(self.gateway, &evidence, accepted.block, proof.as_ref());
            match self.chain.submit(&call, &self.signer).await {
                Ok(_) => {
                    warn!(block = accepted.block, "those who signed it are punished");
                    reported = true;
                }
                Err(error) if error.is("Gateways", "AlreadyReported") => {}
                Err(error @ SubmitError::Failed { .. }) => {
                    warn!(block = accepted.block, %error, "the report was not taken")
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(reported)
    }

    /// What shows that a commitment disagrees with Weft: nothing for one of a block far ahead. `None` if it agrees, or cannot be judged.
    async fn disproof(
        &self,
        accepted: &AcceptedCommitment,
    ) -> Result<Option<Option<RootProof>>, ReceiptsError> {
        let (number, head) = self.chain.final_block().await?;
        if accepted.block > number.saturating_add(FAR_AHEAD) {
            return Ok(Some(None));
        }
        // The child's leaf has to be under the head's root.
        if accepted.block >= number {
            return Ok(None);
        }
        let block = self.chain.block_hash(accepted.block).await?;
        if self.chain.mmr_root(block).await? == Some(accepted.root) {
            return Ok(None);
        }
        let shown = self.chain.mmr_proof(&[accepted.block + 1], number, head).await?;
        Ok(Some(Some(RootProof {
            newer: self.chain.header_bytes(head).await?,
            header: self.chain.header_bytes(block).await?,
            leaf: shown.leaves.into_iter().next().unwrap_or_default(),
            leaf_index: shown.proof.leaf_indices.first().copied().unwrap_or_default(),
            leaf_count: shown.proof.leaf_count,
            items: shown.proof.items,
        })))
    }

    /// What shows the receipt of an event's transaction.
    async fn evidence(&self, at: H256, placed: &PlacedEvent) -> Result<ReceiptEvidence, ReceiptsError> {
        let missing = |what: String| ReceiptsError::Chain(QueryError::Missing(what));
        let index = u32::try_from(placed.event.transaction_index)
            .map_err(|_| missing("index of the transaction".into()))?;
        let block = SourceBlock {
            chain_id: self.gateway.chain_id,
            first: placed.number,
            number: placed.number,
            hash: placed.block,
            transactions: BoundedVec::truncate_from(vec![index]),
        };
        let query = Query::TransactionEvents {
            chain_id: self.gateway.chain_id,
            filter: self.filter(Vec::new()),
        };
        let receipts = self.ethereum.evidence(&block, &query).await?;
        let near = self.chain.anchor_at_or_after(at, block.number).await?;
        let newest = self.chain.newest_anchor(at).await?;
        let known = |anchor: weft_light_client::Anchor| FinalBlock {
            number: anchor.number,
            hash: anchor.hash,
        };
        let (Some(near), Some(newest)) = (near.map(known), newest.map(known)) else {
            return Err(missing(format!("final block from {} on", block.number)));
        };
        let ancestry = self.ethereum.ancestry(&block, near, newest).await?;
        Ok((block, ancestry, receipts))
    }
}
