//! Runs over made-up blocks of Ethereum, as large as asked for.

use alloc::{vec, vec::Vec};
use codec::Encode;
use weft_ethereum_proofs::{items_root, synthetic, verify};
use weft_primitives::{
    BoundedVec, Claim, Destination, H160, H256, ImageBytes, KeyBytes, Manifest, Outcome, Query, SourceBlock,
    Statement, Submission,
    input::{self, LogEntry},
    keccak256,
    manifest::{MANIFEST_VERSION, StatePolicy},
    output,
    query::EventFilter,
    source::{Ancestry, BlockEvidence, Content, Hop, MAX_HEADER_BYTES, MAX_PARENTS, MAX_RECEIPTS},
    state_root,
    statement::{STATEMENT_VERSION, context},
};

use super::RunParts;

/// The chain that the blocks are of.
const CHAIN: u64 = 1;
/// Bytes of a receipt beside the data of its log.
const RECEIPT_BYTES: u32 = 400;
/// Bytes of the data of a log, where many are wanted.
const LOG_DATA_BYTES: u32 = 400;
/// Bytes of all logs that match; the rest of the evidence is read and left out of the input.
const MATCHING_BYTES: u32 = 32 * 1024;

/// The receipt of a transaction with one log of `contract`.
fn receipt(contract: H160, data: u32) -> Vec<u8> {
    synthetic::receipt(&[LogEntry {
        address: contract,
        transaction_index: 0,
        log_index: 0,
        topics: vec![H256::repeat_byte(0xdd)],
        data: vec![0xab; data as usize],
    }])
}

/// The number of the block that is read.
const NUMBER: u8 = 100;

/// The header of a block with these receipts, after the block with the hash `parent`, with `extra` bytes more than it needs.
fn header(parent: H256, receipts: &[Vec<u8>], extra: usize) -> Vec<u8> {
    synthetic::header(parent, NUMBER.into(), items_root(receipts), extra)
}

/// About `bytes` bytes of headers that lead to a block, and the hash of the first, which has to be final.
pub fn ancestry(block: H256, bytes: u32) -> (Ancestry, H256) {
    let none: &[Vec<u8>] = &[];
    let each = header(H256::zero(), none, 0).len() as u32;
    let extra = (MAX_HEADER_BYTES - each).saturating_sub(3).min(1_400);
    let mut headers = Vec::new();
    let mut hash = block;
    for _ in 0..bytes / (each + extra) {
        let bytes = header(hash, none, extra as usize);
        hash = keccak256(&bytes);
        headers.insert(0, BoundedVec::truncate_from(bytes));
    }
    let hops = headers.chunks(MAX_PARENTS as usize);
    let hops = hops.map(|headers| Hop::Parents(BoundedVec::truncate_from(headers.to_vec())));
    (BoundedVec::truncate_from(hops.collect()), hash)
}

/// The next state and the payload of every run, as long as they may be.
fn results() -> (Vec<u8>, Vec<u8>) {
    (
        vec![7; weft_primitives::MAX_STATE_BYTES as usize],
        vec![8; weft_primitives::MAX_PAYLOAD_BYTES as usize],
    )
}

/// The output stream of every run.
pub fn output_stream() -> Vec<u8> {
    let (next_state, payload) = results();
    output::encode(&next_state, &payload)
}

/// What a run executes.
#[derive(Clone, Debug)]
pub struct Executed {
    /// Program commitment.
    pub image: ImageBytes,
    /// The verifying key.
    pub key: KeyBytes,
    /// How many steps a run takes.
    pub steps: u64,
}

/// A run over a block with about `evidence` bytes of evidence. `prove` makes its proof of key and claim.
pub fn run<AccountId: Clone + Encode>(
    owner: AccountId,
    worker: AccountId,
    worker_bytes: [u8; 32],
    evidence: u32,
    Executed { image, key, steps }: Executed,
    prove: impl FnOnce(&[u8], &Claim) -> Vec<u8>,
) -> RunParts<AccountId> {
    let token = H160::repeat_byte(0x70);
    let each = RECEIPT_BYTES + LOG_DATA_BYTES;
    let receipts: Vec<Vec<u8>> = (0..(evidence.saturating_sub(700) / each).min(MAX_RECEIPTS))
        .map(|index| {
            let matches = index * LOG_DATA_BYTES < MATCHING_BYTES;
            receipt(if matches { token } else { H160::repeat_byte(9) }, LOG_DATA_BYTES)
        })
        .collect();
    let header = header(H256::zero(), &receipts, 0);
    let block = SourceBlock {
        chain_id: CHAIN,
        first: NUMBER.into(),
        number: NUMBER.into(),
        hash: keccak256(&header),
        transactions: Default::default(),
    };
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        name: BoundedVec::truncate_from(b"benchmark".to_vec()),
        description: Default::default(),
        sources: BoundedVec::truncate_from(vec![Query::Events {
            chain_id: CHAIN,
            filter: EventFilter {
                addresses: BoundedVec::truncate_from(vec![token]),
                topics: Default::default(),
            },
        }]),
        destination: Some(Destination {
            chain_id: CHAIN,
            gateway: H160::repeat_byte(1),
            target: H160::repeat_byte(2),
            selector: [1, 2, 3, 4],
            gas_limit: 100_000,
        }),
        state: StatePolicy::Index { from: NUMBER.into() },
    };
    let manifest_bytes = manifest.to_bytes().expect("the manifest is valid");
    let receipts = receipts.into_iter().map(BoundedVec::truncate_from).collect();
    let evidence = Content::Events(BoundedVec::truncate_from(vec![BlockEvidence {
        header: BoundedVec::truncate_from(header),
        receipts: Some(BoundedVec::truncate_from(receipts)),
    }]));
    let proved = verify(&block, &manifest.sources[0], &evidence, None).expect("the evidence is honest");

    let genesis = H256::repeat_byte(0x47);
    let (next_state, payload) = results();
    let input = input::encode(&[], &[proved.section]);
    let statement = Statement {
        version: STATEMENT_VERSION,
        weft_genesis: genesis,
        graph: keccak256(&(&owner, &image, &manifest_bytes).encode()),
        manifest: keccak256(&manifest_bytes),
        proof_system: 1,
        key: keccak256(&key),
        image: keccak256(&image),
        input_digest: keccak256(&input),
        prior_state: state_root(&[]),
        next_state: state_root(&next_state),
        output: BoundedVec::truncate_from(payload.clone()),
        outcome: Outcome::Ok,
        steps,
        sources: BoundedVec::truncate_from(vec![proved.source]),
        destination: manifest.destination.unwrap_or_default(),
        context: context(0, &worker_bytes),
    };
    let claim = Claim {
        statement: statement.digest(),
        image: image.to_vec(),
        input,
        output: output_stream(),
        outcome: Outcome::Ok,
        steps,
        advised: false,
    };
    let proof = BoundedVec::truncate_from(prove(&key, &claim));
    RunParts {
        genesis,
        owner,
        worker,
        image,
        manifest: manifest_bytes,
        key,
        blocks: BoundedVec::truncate_from(vec![block]),
        submission: Submission {
            statement,
            evidence: BoundedVec::truncate_from(vec![evidence]),
            next_state: BoundedVec::truncate_from(next_state),
            proof,
        },
    }
}
