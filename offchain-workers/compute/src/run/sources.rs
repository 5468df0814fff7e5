//! What a run reads: evidence, advice, and what shows that its blocks are final.

use tracing::warn;
use weft_beacon::BeaconChain;
use weft_chain::{Chain, RunDetails};
use weft_ethereum::FinalBlock;
use weft_ethereum_proofs::{EvidenceError, HISTORY_WINDOW, Proved, is_advice, verify};
use weft_primitives::{
    H256, Query, Source, SourceBlock,
    advice::{self, MAX_ADVICE_WORDS},
    input::{HeaderEntry, Section},
    source::{Ancestries, Ancestry, Content, Evidence, Hop, MAX_EVIDENCE_BYTES},
};

use super::{RunError, Tools};
use crate::prover::ProvingQueue;

/// What evidence shows.
pub(super) struct Shown {
    pub(super) sources: Vec<Source>,
    pub(super) sections: Vec<Vec<u8>>,
    pub(super) events: usize,
    /// Blocks whose receipts are advice.
    pub(super) headers: Vec<HeaderEntry>,
}

impl<Q: ProvingQueue> Tools<'_, Q> {
    /// Fetches the evidence for each source of a job, and compares events with what the node lists.
    pub(super) async fn fetch(&self, details: &RunDetails) -> Result<Evidence, RunError> {
        let mut evidence = Evidence::new();
        for (block, query) in details.job.blocks.iter().zip(&details.manifest.sources) {
            let shown = match query {
                Query::State { graph } => {
                    let state = details.states.get(graph).cloned().unwrap_or_default();
                    let state = state.try_into().map_err(|_| RunError::DoesNotFit("state"))?;
                    Content::State(state)
                }
                _ if block.chain_id != self.chain_id => {
                    return Err(RunError::OtherChain(block.chain_id, self.chain_id));
                }
                Query::Beacon { fork, fields, .. } => {
                    let beacon = self.beacon.ok_or(RunError::NoBeacon)?;
                    beacon.evidence(self.ethereum, block, *fork, fields).await?
                }
                _ => self.ethereum.evidence(block, query).await?,
            };
            let proved = self.verify(block, query, &shown)?;
            self.ethereum.confirm_logs(block, query, &proved.content).await?;
            evidence
                .try_push(shown)
                .map_err(|_| RunError::DoesNotFit("evidence"))?;
        }
        Ok(evidence)
    }

    /// Fetches the receipts of the blocks whose headers a job reads.
    pub(super) async fn advice(
        &self,
        details: &RunDetails,
        headers: &[HeaderEntry],
    ) -> Result<Vec<u64>, RunError> {
        let mut blocks = Vec::new();
        for (block, query) in details.job.blocks.iter().zip(&details.manifest.sources) {
            if let Query::Headers { filter, .. } = query {
                blocks.extend(self.ethereum.advice(block, filter).await?);
            }
        }
        let words = advice::encode(&blocks);
        if words.len() > MAX_ADVICE_WORDS {
            return Err(RunError::TooMuchAdvice(words.len()));
        }
        match is_advice(&words, headers) {
            true => Ok(words),
            false => Err(RunError::WrongAdvice),
        }
    }

    /// What shows that the blocks of a job are final, as of the block `at` of Weft: one for each, empty where none is needed.
    pub async fn ancestries(
        &self,
        chain: &Chain,
        at: H256,
        details: &RunDetails,
    ) -> Result<Ancestries, RunError> {
        let mut known = Vec::new();
        let mut ancestries = Ancestries::new();
        for (block, query) in details.job.blocks.iter().zip(&details.manifest.sources) {
            let mut ancestry = Ancestry::default();
            if query.chain_id().is_some() && !known.contains(&block.hash) {
                ancestry = self.ancestry(chain, at, block).await?;
                known.push(block.hash);
            }
            ancestries
                .try_push(ancestry)
                .map_err(|_| RunError::DoesNotFit("list of ancestries"))?;
        }
        Ok(ancestries)
    }

    /// What shows that a block is final.
    pub async fn ancestry(&self, chain: &Chain, at: H256, block: &SourceBlock) -> Result<Ancestry, RunError> {
        let near = chain.anchor_at_or_after(at, block.number).await?;
        let newest = chain.newest_anchor(at).await?;
        let (Some(near), Some(newest)) = (near, newest) else {
            return Err(RunError::NotFinal(block.number));
        };
        let known = |anchor: weft_light_client::Anchor| FinalBlock {
            number: anchor.number,
            hash: anchor.hash,
        };
        let is_far = near.number.saturating_sub(block.number) > HISTORY_WINDOW;
        if let Some(beacon) = self.beacon.filter(|_| is_far) {
            match self.long_hop(beacon, &newest, block).await {
                Ok(ancestry) => return Ok(ancestry),
                Err(error) => {
                    warn!(%error, block = block.number, "not shown by the history of the beacon chain")
                }
            }
        }
        Ok(self.ethereum.ancestry(block, known(near), known(newest)).await?)
    }

    /// What leads from an anchor to a block of another era.
    async fn long_hop(
        &self,
        beacon: &BeaconChain,
        newest: &weft_light_client::Anchor,
        block: &SourceBlock,
    ) -> Result<Ancestry, RunError> {
        let (_, header) = self.ethereum.checked_header(block.hash).await?;
        let hop = beacon.hop(newest, block.hash, header.timestamp).await?;
        let hops = vec![Hop::Beacon(Box::new(hop))];
        hops.try_into().map_err(|_| RunError::DoesNotFit("ancestry"))
    }

    /// What evidence shows of a source, if it does.
    fn verify(
        &self,
        block: &SourceBlock,
        query: &Query,
        evidence: &Content,
    ) -> Result<Proved, EvidenceError> {
        let rules = self.beacon.map(BeaconChain::rules);
        verify(block, query, evidence, rules.as_ref())
    }

    /// What evidence shows of the sources of a job, if it does.
    pub(super) fn verified(&self, details: &RunDetails, evidence: &Evidence) -> Result<Shown, RunError> {
        let mut shown = Shown {
            sources: Vec::new(),
            sections: Vec::new(),
            events: 0,
            headers: Vec::new(),
        };
        if evidence.len() != details.job.blocks.len() {
            return Err(EvidenceError::WrongKind.into());
        }
        let sources = details.job.blocks.iter().zip(&details.manifest.sources);
        for ((block, query), content) in sources.zip(evidence) {
            let proved = self.verify(block, query, content)?;
            shown.events += proved.event_count();
            shown.sources.push(proved.source);
            shown.sections.push(proved.section);
            if let Section::Headers(_, headers) = proved.content {
                shown.headers.extend(headers);
            }
        }
        let bytes = evidence.iter().map(Content::byte_count).sum::<usize>();
        if bytes > MAX_EVIDENCE_BYTES as usize {
            return Err(RunError::TooMuchEvidence(bytes));
        }
        Ok(shown)
    }
}
