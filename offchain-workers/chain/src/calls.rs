//! The transactions of Weft's pallets.

use codec::{Compact, Encode};
use subxt::{
    ext::{
        scale_decode::visitor::{IgnoreVisitor, decode_with_visitor},
        scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter, TypeResolver},
    },
    tx::Payload,
};
use weft_light_client::{Checkpoint, Network, Update};
use weft_primitives::{
    GatewayId, GraphId, H256, ImageBytes, JobId, Program, SourceBlock, Submission,
    manifest::ManifestBytes,
    source::{Ancestries, Ancestry, Content, SourceBlocks},
};

use crate::{AccountId, Balance, BlockNumber};

const REGISTRY: &str = "ZkGraphRegistry";
const SETTLEMENT: &str = "ProofSettlement";
const DATA_BUS: &str = "DataBus";
const GATEWAYS: &str = "Gateways";

/// The block, what leads to it from a final one, and the paths to receipts of its transactions: what shows what gateways did.
pub type ReceiptEvidence = (SourceBlock, Ancestry, Content);
/// What shows the MMR root of a past block.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct RootProof {
    /// SCALE of one of the newest headers.
    pub newer: Vec<u8>,
    /// SCALE of the header of the block.
    pub header: Vec<u8>,
    /// SCALE of the leaf that the block's child made.
    pub leaf: Vec<u8>,
    /// Index of that leaf.
    pub leaf_index: u64,
    /// Leaves of the MMR at the newer header.
    pub leaf_count: u64,
    /// What leads from the leaf to the root.
    pub items: Vec<H256>,
}

/// A call of a pallet, with its arguments encoded.
#[derive(Clone, Debug)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    arguments: Arguments,
}

impl Call {
    /// The call `name` of `pallet`, whose arguments, in order, are the fields of the tuple `arguments`.
    pub fn new(pallet: &'static str, name: &'static str, arguments: impl Encode) -> Self {
        Self {
            pallet,
            name,
            arguments: Arguments(arguments.encode()),
        }
    }

    /// Registers a zkGraph that the sender owns.
    pub fn register(
        proof_system: u16,
        image: &ImageBytes,
        manifest: &ManifestBytes,
        program: &Program,
    ) -> Self {
        Self::new(REGISTRY, "register", (proof_system, image, manifest, program))
    }

    /// Replaces the manifest of a zkGraph that the sender owns.
    pub fn update_manifest(graph: GraphId, manifest: &ManifestBytes) -> Self {
        Self::new(REGISTRY, "update_manifest", (graph, manifest))
    }

    /// Offers a zkGraph of the sender to another account.
    pub fn transfer_ownership(graph: GraphId, new_owner: &AccountId) -> Self {
        Self::new(REGISTRY, "transfer_ownership", (graph, new_owner))
    }

    /// Takes a zkGraph that was offered to the sender.
    pub fn accept_ownership(graph: GraphId) -> Self {
        Self::new(REGISTRY, "accept_ownership", (graph,))
    }

    /// Ends a zkGraph of the sender.
    pub fn retire(graph: GraphId) -> Self {
        Self::new(REGISTRY, "retire", (graph,))
    }

    /// Offers `fee` for a run over `blocks` that settles within `duration` slots of Ethereum.
    pub fn offer(graph: GraphId, blocks: &SourceBlocks, fee: Balance, duration: u64) -> Self {
        Self::new(SETTLEMENT, "offer", (graph, blocks, Compact(fee), duration))
    }

    /// Promises to prove an open job, whose blocks `ancestries` show to be final, if its terms are still these.
    pub fn lock(job: JobId, ancestries: &Ancestries, terms: H256) -> Self {
        Self::new(SETTLEMENT, "lock", (job, ancestries, terms))
    }

    /// Lets an index of the sender go on with the block `next`.
    pub fn skip_blocks(graph: GraphId, next: u64) -> Self {
        Self::new(REGISTRY, "skip_blocks", (graph, next))
    }

    /// Sets the trigger of an index of the sender, and adds to its bounty.
    pub fn set_trigger(graph: GraphId, fee: Balance, interval: u64, duration: u64, deposit: Balance) -> Self {
        let arguments = (graph, Compact(fee), interval, duration, Compact(deposit));
        Self::new(SETTLEMENT, "set_trigger", arguments)
    }

    /// Ends a trigger.
    pub fn close_trigger(graph: GraphId) -> Self {
        Self::new(SETTLEMENT, "close_trigger", (graph,))
    }

    /// Starts a run of a trigger up to a block, which `ancestry` shows to be final, and locks it.
    /// The run's terms have to be these.
    pub fn trigger(graph: GraphId, number: u64, hash: H256, ancestry: &Ancestry, terms: H256) -> Self {
        Self::new(SETTLEMENT, "trigger", (graph, number, hash, ancestry, terms))
    }

    /// Submits the proof of a job that the sender has locked.
    pub fn submit(job: JobId, submission: &Submission) -> Self {
        Self::new(SETTLEMENT, "submit", (job, submission))
    }

    /// Closes a job whose deadline has passed.
    pub fn expire(job: JobId) -> Self {
        Self::new(SETTLEMENT, "expire", (job,))
    }

    /// Brings an update of the light client of Ethereum.
    pub fn submit_update(update: &Update) -> Self {
        Self::new(DATA_BUS, "submit_update", (update,))
    }

    /// Starts the light client of Ethereum from a checkpoint. Only root may.
    pub fn reset_light_client(network: &Network, checkpoint: &Checkpoint) -> Self {
        Self::new(DATA_BUS, "reset_light_client", (network, checkpoint))
    }

    /// Pays `reward` for each delivery of a zkGraph's messages at a gateway, out of a purse to which `deposit` is added.
    pub fn sponsor(graph: GraphId, gateway: GatewayId, deposit: Balance, reward: Balance) -> Self {
        let arguments = (graph, gateway, Compact(deposit), Compact(reward));
        Self::new(GATEWAYS, "sponsor", arguments)
    }

    /// Empties the sender's purse for a zkGraph.
    pub fn withdraw_purse(graph: GraphId) -> Self {
        Self::new(GATEWAYS, "withdraw", (graph,))
    }

    /// Promises more to whoever delivers a message at a gateway.
    pub fn tip(nonce: u64, gateway: GatewayId, amount: Balance) -> Self {
        Self::new(GATEWAYS, "tip", (Compact(nonce), gateway, Compact(amount)))
    }

    /// Has relayers paid for the events of a gateway that receipts show: for at most `most` after the first `skip`.
    pub fn claim(gateway: GatewayId, evidence: &ReceiptEvidence, skip: u32, most: u32) -> Self {
        Self::new(GATEWAYS, "claim", (gateway, evidence, skip, most))
    }

    /// Has those punished who signed a commitment for the block `number` that a gateway accepted and that disagrees with this chain.
    pub fn report_commitment(
        gateway: GatewayId,
        evidence: &ReceiptEvidence,
        number: BlockNumber,
        proof: Option<&RootProof>,
    ) -> Self {
        Self::new(GATEWAYS, "report_commitment", (gateway, evidence, number, proof))
    }

    /// A call made as root by the account that may: its bytes are those of [`Chain::call_bytes`](crate::Chain::call_bytes).
    pub fn sudo(call: Vec<u8>) -> Self {
        Self {
            pallet: "Sudo",
            name: "sudo",
            arguments: Arguments(call),
        }
    }

    /// `pallet::name`, for messages.
    pub fn title(&self) -> String {
        format!("{}::{}", self.pallet, self.name)
    }
}

/// Arguments of a call, encoded as our own types are.
#[derive(Clone, Debug)]
pub struct Arguments(Vec<u8>);

impl EncodeAsFields for Arguments {
    /// Takes the bytes as they are, if they decode as what the chain's metadata says that the arguments are.
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        fields: &mut dyn FieldIter<'_, R::TypeId>,
        types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let mut rest = self.0.as_slice();
        for field in fields {
            decode_with_visitor(&mut rest, field.id, types, IgnoreVisitor::<R>::new())
                .map_err(|error| EncodeError::custom_string(format!("the chain has other types: {error}")))?;
        }
        if !rest.is_empty() {
            return Err(EncodeError::custom_str("the chain's call has fewer arguments"));
        }
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

impl Payload for Call {
    type CallData = Arguments;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &Arguments {
        &self.arguments
    }
}
