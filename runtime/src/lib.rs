//! The Weft runtime: the state transition function that every node executes for every block.
//!
//! It is compiled twice: to WebAssembly, which is what the chain runs and upgrades, and natively, for the types that
//! the node, the workers and the tests share with it.
//!
//! | module | what is there |
//! |---|---|
//! | this file | the list of pallets, the transaction format, the version |
//! | [`configs`] | the configuration of each pallet, grouped by what it is for |
//! | [`cadence`] | a pallet: block time and epoch length, fixed per chain at genesis |
//! | [`apis`] | the runtime APIs: what a node can ask |
//! | [`genesis_presets`] | the genesis of the development chain and of the local test network |
//!
//! # Limits of this version
//! - Validators have no nominators, and silence is not punished.

#![cfg_attr(not(feature = "std"), no_std)]
// What the macros generate here and in `apis` has no documentation; modules written by hand turn the lint on again.
#![allow(missing_docs)]
// The many levels of generated code exceed the default of 128.
#![recursion_limit = "256"]

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod cadence;
pub mod configs;
pub mod genesis_presets;
mod queries;

use alloc::vec::Vec;
use sp_runtime::{
    MultiAddress, MultiSignature, generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

// `WASM_BINARY`: this runtime as WebAssembly.
#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

/// Number of a block.
pub type BlockNumber = u32;
/// Signature on a transaction: sr25519, ed25519 or ECDSA.
pub type Signature = MultiSignature;
/// An account: the public key of its signing scheme, or its hash.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How transactions name an account.
pub type Address = MultiAddress<AccountId, ()>;
/// An amount of WEFT, in plancks: see [`currency`].
pub type Balance = u128;
/// The number of transactions that an account has sent.
pub type Nonce = u32;
/// The hash of a block, transaction or state.
pub type Hash = sp_core::H256;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block with its decoded transactions.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// The currency of the chain.
pub mod currency {
    use super::Balance;

    /// Decimals that user interfaces show.
    pub const DECIMALS: u8 = 12;
    /// One WEFT, in plancks.
    pub const WEFT: Balance = 1_000_000_000_000;
    /// A thousandth of a WEFT, in plancks.
    pub const MILLIWEFT: Balance = WEFT / 1_000;
    /// A millionth of a WEFT, in plancks.
    pub const MICROWEFT: Balance = WEFT / 1_000_000;
    /// An account that holds less ceases to exist.
    pub const EXISTENTIAL_DEPOSIT: Balance = MILLIWEFT;

    /// The deposit for `items` entries and `bytes` bytes of storage, in plancks.
    pub const fn deposit(items: u32, bytes: u32) -> Balance {
        items as Balance * 100 * MILLIWEFT + bytes as Balance * MILLIWEFT
    }
}

/// Types for code that has to handle blocks without knowing this runtime's transactions, such as the node, which must be
/// able to follow the chain through an upgrade.
pub mod opaque {
    use super::{BlockNumber, generic};
    use sp_runtime::traits::BlakeTwo256;

    /// Header of a block.
    pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
    /// A block whose transactions are bytes.
    pub type Block = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
}

impl_opaque_keys! {
    /// The public keys that a validator signs with in each of the three consensus protocols.
    pub struct SessionKeys {
        /// Block production.
        pub babe: Babe,
        /// Finality.
        pub grandpa: Grandpa,
        /// Commitments for light clients on other chains, Ethereum among them.
        pub beefy: Beefy,
    }
}

/// Says the version, with this `spec_version`; the tool that puts it into the WebAssembly reads numbers only.
macro_rules! version {
    ($spec_version:tt) => {
        /// The version of this runtime.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: alloc::borrow::Cow::Borrowed("weft"),
            impl_name: alloc::borrow::Cow::Borrowed("weft"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: apis::RUNTIME_API_VERSIONS,
            // Raised when the encoding of a call or of the transaction extension changes.
            transaction_version: 1,
            system_version: 1,
        };
    };
}

// Raised by each upgrade that changes behaviour, both of them.
#[cfg(not(feature = "rehearsal"))]
version!(2);
#[cfg(feature = "rehearsal")]
version!(3);

/// What a transaction carries beside its call, checked in this order.
pub type TransactionExtensions = (
    // First, so that calls with `#[pallet::authorize]` have their origin before anything looks at it.
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    // Before anything is paid for.
    pallet_data_bus::CheckUpdate<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    // Last, so that it sees what all the others left unused.
    frame_system::WeightReclaim<Runtime>,
);
/// A transaction as it is sent and stored in a block.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TransactionExtensions>;
/// What a signed transaction's signature is over.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TransactionExtensions>;

/// Storage migrations that the next upgrade runs, apart from those in the pallets.
pub type Migrations = (pallet_gateways::migrations::NoteSets<Runtime, configs::bridge::NewSet>,);

/// Executes blocks: dispatches transactions and hooks to the pallets.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

#[frame_support::runtime]
mod runtime {
    /// The runtime.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // The indices are part of the transaction format: never reuse or change one. Hooks and genesis run in their order.
    // 0 to 9: the system, validators and block production. Session's genesis asks Validators, whose bonds need funds.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Cadence = crate::cadence;
    #[runtime::pallet_index(2)]
    pub type Babe = pallet_babe;
    #[runtime::pallet_index(3)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(5)]
    pub type Validators = pallet_validators;
    #[runtime::pallet_index(6)]
    pub type Session = pallet_session;
    // The author of a session's first block is one of the new validators.
    #[runtime::pallet_index(7)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(9)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(8)]
    pub type Offences = pallet_offences;

    // 11 to 19: accounts.
    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(12)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(13)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(14)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(15)]
    pub type Sudo = pallet_sudo;

    // 20 to 29: the bridge to Ethereum. After Session, so that a leaf names the next set of validators of its own
    // block.
    #[runtime::pallet_index(20)]
    pub type Beefy = pallet_beefy;
    #[runtime::pallet_index(21)]
    pub type Mmr = pallet_mmr;
    #[runtime::pallet_index(22)]
    pub type BeefyMmrLeaf = pallet_beefy_mmr;

    // 40 and above: Weft's own pallets. The outbox closes a block after everything that can append to it.
    #[runtime::pallet_index(40)]
    pub type ZkGraphRegistry = pallet_zkgraph_registry;
    #[runtime::pallet_index(41)]
    pub type DataBus = pallet_data_bus;
    #[runtime::pallet_index(42)]
    pub type ProofSettlement = pallet_proof_settlement;
    #[runtime::pallet_index(43)]
    pub type Outbox = pallet_outbox;
    #[runtime::pallet_index(44)]
    pub type Gateways = pallet_gateways;
}
