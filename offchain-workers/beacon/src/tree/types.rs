//! What blocks and states of the beacon chain are made of, from Capella to Fulu. Source: `specs/*/beacon-chain.md` and `presets` of the
//! consensus specification.

use weft_beacon_proofs::{Fork, Preset};

use super::Type::{self, Basic, BitList, Bits, ByteList, Bytes};

/// The types of a fork.
#[derive(Clone, Copy, Debug)]
pub struct Types {
    fork: Fork,
    preset: Preset,
}

const U64: Type = Basic(8);
const ROOT: Type = Bytes(32);
const ADDRESS: Type = Bytes(20);
const KEY: Type = Bytes(48);
const SIGNATURE: Type = Bytes(96);
/// `VALIDATOR_REGISTRY_LIMIT`.
const VALIDATORS: u64 = 1 << 40;
/// `MAX_VALIDATORS_PER_COMMITTEE`.
const COMMITTEE: u64 = 2048;

fn list(item: Type, limit: u64) -> Type {
    Type::List(Box::new(item), limit)
}

fn vector(item: Type, count: u64) -> Type {
    Type::Vector(Box::new(item), count)
}

fn container<const N: usize>(fields: [(&'static str, Type); N]) -> Type {
    Type::Container(fields.into())
}

fn signed(message: Type) -> Type {
    container([("message", message), ("signature", SIGNATURE)])
}

fn checkpoint() -> Type {
    container([("epoch", U64), ("root", ROOT)])
}

fn eth1_data() -> Type {
    container([
        ("deposit_root", ROOT),
        ("deposit_count", U64),
        ("block_hash", ROOT),
    ])
}

/// `BeaconBlockHeader`.
pub fn header() -> Type {
    container([
        ("slot", U64),
        ("proposer_index", U64),
        ("parent_root", ROOT),
        ("state_root", ROOT),
        ("body_root", ROOT),
    ])
}

fn attestation_data() -> Type {
    container([
        ("slot", U64),
        ("index", U64),
        ("beacon_block_root", ROOT),
        ("source", checkpoint()),
        ("target", checkpoint()),
    ])
}

impl Types {
    /// The types of a fork; `None` if they are not known here: before Capella, and Gloas.
    pub fn of(fork: Fork, preset: Preset) -> Option<Self> {
        match fork {
            Fork::Altair | Fork::Bellatrix | Fork::Gloas => None,
            Fork::Capella | Fork::Deneb | Fork::Electra | Fork::Fulu => Some(Self { fork, preset }),
        }
    }

    fn size(self, mainnet: u64, minimal: u64) -> u64 {
        match self.preset {
            Preset::Mainnet => mainnet,
            Preset::Minimal => minimal,
        }
    }

    /// `MAX_COMMITTEES_PER_SLOT`.
    fn committees(self) -> u64 {
        self.size(64, 4)
    }

    fn sync_committee_size(self) -> u64 {
        self.preset.committee_size() as u64
    }

    /// `BeaconBlockBody`.
    pub fn body(self) -> Type {
        let (slashings, attestations, indices) = match self.fork >= Fork::Electra {
            true => (1, 8, COMMITTEE * self.committees()),
            false => (2, 128, COMMITTEE),
        };
        let slashable = container([
            ("attesting_indices", list(U64, indices)),
            ("data", attestation_data()),
            ("signature", SIGNATURE),
        ]);
        let mut attestation = vec![
            ("aggregation_bits", BitList(indices)),
            ("data", attestation_data()),
            ("signature", SIGNATURE),
        ];
        if self.fork >= Fork::Electra {
            attestation.push(("committee_bits", Bits(self.committees())));
        }
        let proposer_slashing = container([
            ("signed_header_1", signed(header())),
            ("signed_header_2", signed(header())),
        ]);
        let attester_slashing =
            container([("attestation_1", slashable.clone()), ("attestation_2", slashable)]);
        let deposit = container([
            ("proof", vector(ROOT, 33)),
            (
                "data",
                container([
                    ("pubkey", KEY),
                    ("withdrawal_credentials", ROOT),
                    ("amount", U64),
                    ("signature", SIGNATURE),
                ]),
            ),
        ]);
        let exit = container([("epoch", U64), ("validator_index", U64)]);
        let change = container([
            ("validator_index", U64),
            ("from_bls_pubkey", KEY),
            ("to_execution_address", ADDRESS),
        ]);
        let mut fields = vec![
            ("randao_reveal", SIGNATURE),
            ("eth1_data", eth1_data()),
            ("graffiti", ROOT),
            ("proposer_slashings", list(proposer_slashing, 16)),
            ("attester_slashings", list(attester_slashing, slashings)),
            ("attestations", list(Type::Container(attestation), attestations)),
            ("deposits", list(deposit, 16)),
            ("voluntary_exits", list(signed(exit), 16)),
            (
                "sync_aggregate",
                container([
                    ("sync_committee_bits", Bits(self.sync_committee_size())),
                    ("sync_committee_signature", SIGNATURE),
                ]),
            ),
            ("execution_payload", self.payload()),
            ("bls_to_execution_changes", list(signed(change), 16)),
        ];
        if self.fork >= Fork::Deneb {
            fields.push(("blob_kzg_commitments", list(KEY, 4096)));
        }
        if self.fork >= Fork::Electra {
            fields.push(("execution_requests", execution_requests()));
        }
        Type::Container(fields)
    }

    /// Fields that an execution payload and its header have alike, but for the last two lists.
    fn payload_with(self, transactions: (&'static str, Type), withdrawals: (&'static str, Type)) -> Type {
        let mut fields = vec![
            ("parent_hash", ROOT),
            ("fee_recipient", ADDRESS),
            ("state_root", ROOT),
            ("receipts_root", ROOT),
            ("logs_bloom", Bytes(256)),
            ("prev_randao", ROOT),
            ("block_number", U64),
            ("gas_limit", U64),
            ("gas_used", U64),
            ("timestamp", U64),
            ("extra_data", ByteList(32)),
            ("base_fee_per_gas", Basic(32)),
            ("block_hash", ROOT),
            transactions,
            withdrawals,
        ];
        if self.fork >= Fork::Deneb {
            fields.extend([("blob_gas_used", U64), ("excess_blob_gas", U64)]);
        }
        Type::Container(fields)
    }

    /// `ExecutionPayload`.
    fn payload(self) -> Type {
        let withdrawal = container([
            ("index", U64),
            ("validator_index", U64),
            ("address", ADDRESS),
            ("amount", U64),
        ]);
        let transactions = list(ByteList(1 << 30), 1 << 20);
        let withdrawals = list(withdrawal, self.size(16, 4));
        self.payload_with(("transactions", transactions), ("withdrawals", withdrawals))
    }

    /// `BeaconState`.
    pub fn state(self) -> Type {
        let fork = container([
            ("previous_version", Bytes(4)),
            ("current_version", Bytes(4)),
            ("epoch", U64),
        ]);
        let validator = container([
            ("pubkey", KEY),
            ("withdrawal_credentials", ROOT),
            ("effective_balance", U64),
            ("slashed", Basic(1)),
            ("activation_eligibility_epoch", U64),
            ("activation_epoch", U64),
            ("exit_epoch", U64),
            ("withdrawable_epoch", U64),
        ]);
        let committee = container([
            ("pubkeys", vector(KEY, self.sync_committee_size())),
            ("aggregate_pubkey", KEY),
        ]);
        let summary = container([("block_summary_root", ROOT), ("state_summary_root", ROOT)]);
        let roots = vector(ROOT, self.preset.slots_per_historical_root());
        let mut fields = vec![
            ("genesis_time", U64),
            ("genesis_validators_root", ROOT),
            ("slot", U64),
            ("fork", fork),
            ("latest_block_header", header()),
            ("block_roots", roots.clone()),
            ("state_roots", roots),
            ("historical_roots", list(ROOT, 1 << 24)),
            ("eth1_data", eth1_data()),
            ("eth1_data_votes", list(eth1_data(), self.size(2048, 32))),
            ("eth1_deposit_index", U64),
            ("validators", list(validator, VALIDATORS)),
            ("balances", list(U64, VALIDATORS)),
            ("randao_mixes", vector(ROOT, self.size(65_536, 64))),
            ("slashings", vector(U64, self.size(8192, 64))),
            ("previous_epoch_participation", list(Basic(1), VALIDATORS)),
            ("current_epoch_participation", list(Basic(1), VALIDATORS)),
            ("justification_bits", Bits(4)),
            ("previous_justified_checkpoint", checkpoint()),
            ("current_justified_checkpoint", checkpoint()),
            ("finalized_checkpoint", checkpoint()),
            ("inactivity_scores", list(U64, VALIDATORS)),
            ("current_sync_committee", committee.clone()),
            ("next_sync_committee", committee),
            (
                "latest_execution_payload_header",
                self.payload_with(("transactions_root", ROOT), ("withdrawals_root", ROOT)),
            ),
            ("next_withdrawal_index", U64),
            ("next_withdrawal_validator_index", U64),
            ("historical_summaries", list(summary, 1 << 24)),
        ];
        if self.fork >= Fork::Electra {
            fields.extend(self.queues());
        }
        if self.fork >= Fork::Fulu {
            fields.push((
                "proposer_lookahead",
                vector(U64, 2 * self.preset.slots_per_epoch()),
            ));
        }
        Type::Container(fields)
    }

    /// What Electra added to the state.
    fn queues(self) -> [(&'static str, Type); 9] {
        let deposit = container([
            ("pubkey", KEY),
            ("withdrawal_credentials", ROOT),
            ("amount", U64),
            ("signature", SIGNATURE),
            ("slot", U64),
        ]);
        let withdrawal = container([
            ("validator_index", U64),
            ("amount", U64),
            ("withdrawable_epoch", U64),
        ]);
        let consolidation = container([("source_index", U64), ("target_index", U64)]);
        [
            ("deposit_requests_start_index", U64),
            ("deposit_balance_to_consume", U64),
            ("exit_balance_to_consume", U64),
            ("earliest_exit_epoch", U64),
            ("consolidation_balance_to_consume", U64),
            ("earliest_consolidation_epoch", U64),
            ("pending_deposits", list(deposit, 1 << 27)),
            (
                "pending_partial_withdrawals",
                list(withdrawal, self.size(1 << 27, 64)),
            ),
            (
                "pending_consolidations",
                list(consolidation, self.size(1 << 18, 64)),
            ),
        ]
    }
}

/// `ExecutionRequests`.
fn execution_requests() -> Type {
    let deposit = container([
        ("pubkey", KEY),
        ("withdrawal_credentials", ROOT),
        ("amount", U64),
        ("signature", SIGNATURE),
        ("index", U64),
    ]);
    let withdrawal = container([
        ("source_address", ADDRESS),
        ("validator_pubkey", KEY),
        ("amount", U64),
    ]);
    let consolidation = container([
        ("source_address", ADDRESS),
        ("source_pubkey", KEY),
        ("target_pubkey", KEY),
    ]);
    container([
        ("deposits", list(deposit, 8192)),
        ("withdrawals", list(withdrawal, 16)),
        ("consolidations", list(consolidation, 2)),
    ])
}
