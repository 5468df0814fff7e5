//! What sources of runs held.

use frame_support::{ensure, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult};
use weft_beacon_proofs::BeaconRules;
use weft_ethereum_proofs::{Proved, Start, anchor_of, check_block, verify};
use weft_light_client::{Crypto, Network as EthereumNetwork};
use weft_primitives::{
    Query, SourceBlock,
    source::{Ancestry, Content, Hop},
};

use crate::{AllowedChains, Config, Error, FinalBlocks, Network, Pallet, WeightInfo};

/// What the chain believes of the sources of runs. Implemented by this pallet.
pub trait DataBus {
    /// Whether `query` can read `block` on this chain, as far as can be said without evidence.
    fn check_block(block: &SourceBlock, query: &Query) -> DispatchResult;

    /// Whether `ancestry` shows that `block` is final.
    fn check_final(block: &SourceBlock, ancestry: &Ancestry) -> DispatchResult;

    /// What evidence costs to check beside its bytes: the senders of transactions are recovered.
    fn signature_weight(evidence: &Content) -> Weight;

    /// What `query` reads of `block`, as `evidence` shows it. Whether the block is final is not asked.
    fn prove(block: &SourceBlock, query: &Query, evidence: &Content) -> Result<Proved, DispatchError>;

    /// Makes a block of a chain final and the clock go, to measure with.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_for_benchmark(chain_id: u64, block: weft_primitives::H256);

    /// Sets the clock, to measure with.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_clock_for_benchmark(slot: u64);
}

/// What this chain knows of a beacon chain.
pub(crate) fn rules<T: Config>(network: &EthereumNetwork) -> BeaconRules<'_> {
    let sha256 = T::Crypto::sha256;
    BeaconRules { network, sha256 }
}

fn ensure_allowed<T: Config>(query: &Query) -> DispatchResult {
    if let Some(chain) = query.chain_id() {
        ensure!(
            AllowedChains::<T>::contains_key(chain),
            Error::<T>::ChainNotAllowed
        );
    }
    Ok(())
}

impl<T: Config> DataBus for Pallet<T> {
    fn check_block(block: &SourceBlock, query: &Query) -> DispatchResult {
        ensure_allowed::<T>(query)?;
        check_block(block, query).map_err(Error::<T>::from)?;
        let followed = Network::<T>::get().map(|network| network.chain_id);
        ensure!(
            query.chain_id().is_none() || query.chain_id() == followed,
            Error::<T>::ChainNotFollowed
        );
        Ok(())
    }

    fn check_final(block: &SourceBlock, ancestry: &Ancestry) -> DispatchResult {
        let starts_at_beacon = matches!(ancestry.first(), Some(Hop::Beacon(_)));
        let network = starts_at_beacon.then(Network::<T>::get).flatten();
        let rules = network.as_ref().map(rules::<T>);
        let start = anchor_of(block.hash, ancestry, rules.as_ref()).map_err(Error::<T>::from)?;
        let is_final = match start {
            Start::Execution(hash) => Self::by_hash(hash).is_some(),
            Start::Beacon { slot, root } => {
                Self::by_slot(slot).is_some_and(|anchor| anchor.beacon_root == root)
            }
        };
        ensure!(is_final, Error::<T>::NotFinal);
        Ok(())
    }

    fn signature_weight(evidence: &Content) -> Weight {
        match evidence {
            Content::Transactions { transactions, .. } => {
                T::WeightInfo::recover_sender().saturating_mul(transactions.len() as u64)
            }
            _ => Weight::zero(),
        }
    }

    fn prove(block: &SourceBlock, query: &Query, evidence: &Content) -> Result<Proved, DispatchError> {
        ensure_allowed::<T>(query)?;
        // The schedule of forks is that of the chain that is read, or none.
        let is_beacon = matches!(query, Query::Beacon { .. });
        let network = is_beacon.then(Network::<T>::get).flatten();
        let network = network.filter(|network| Some(network.chain_id) == query.chain_id());
        let rules = network.as_ref().map(rules::<T>);
        Ok(verify(block, query, evidence, rules.as_ref()).map_err(Error::<T>::from)?)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_for_benchmark(chain_id: u64, block: weft_primitives::H256) {
        crate::benchmarking::make_final::<T>(chain_id, block);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_clock_for_benchmark(slot: u64) {
        crate::Clock::<T>::put(slot);
    }
}
