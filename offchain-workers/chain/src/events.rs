//! What a transaction brought about.

use codec::{Decode, DecodeAll};
use weft_primitives::{GraphId, H256, JobId, ProofError};

use crate::{AccountId, Balance};

/// An event of the chain, with its fields encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Name of the pallet.
    pub pallet: String,
    /// Name of the event.
    pub name: String,
    /// SCALE of its fields.
    pub fields: Vec<u8>,
}

/// An event whose fields are known here.
pub trait Known: DecodeAll {
    /// Name of the pallet.
    const PALLET: &'static str;
    /// Name of the event.
    const NAME: &'static str;
}

impl Event {
    /// The fields, if this is an event of the type `E`; an error if it is and they are not what they should be.
    pub fn read<E: Known>(&self) -> Option<Result<E, codec::Error>> {
        (self.pallet == E::PALLET && self.name == E::NAME).then(|| E::decode_all(&mut &self.fields[..]))
    }
}

macro_rules! known {
    ($pallet:literal: $($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Decode)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl Known for $name {
                const PALLET: &'static str = $pallet;
                const NAME: &'static str = stringify!($name);
            }
        )*
    };
}

known! { "ZkGraphRegistry":
    /// A zkGraph was registered.
    Registered {
        /// The zkGraph.
        graph: GraphId,
        /// Its owner.
        owner: AccountId,
        /// Digest of its program commitment.
        image: H256,
        /// Digest of its manifest.
        manifest: H256,
    }
}

known! { "ProofSettlement":
    /// A run was offered.
    JobOffered {
        /// The job.
        job: JobId,
        /// The zkGraph to run.
        graph: GraphId,
        /// Who pays.
        offerer: AccountId,
        /// What the worker gets.
        fee: Balance,
        /// The last slot, by the chain's clock, at which it can settle.
        deadline: u64,
    }

    /// A worker locked a job.
    JobLocked {
        /// The job.
        job: JobId,
        /// The worker.
        worker: AccountId,
        /// What is held on its account.
        bond: Balance,
    }

    /// A run was proved and paid.
    JobSettled {
        /// The job.
        job: JobId,
        /// The zkGraph that ran.
        graph: GraphId,
        /// Who proved it.
        worker: AccountId,
        /// Digest of the statement that was proved.
        statement: H256,
        /// Nonce of the message in the outbox, if the zkGraph has a destination.
        message: Option<u64>,
    }

    /// A run was proved to trap.
    RunTrapped {
        /// The job.
        job: JobId,
        /// The zkGraph that ran.
        graph: GraphId,
        /// Who offered the run.
        offerer: AccountId,
        /// Who proved it.
        worker: AccountId,
        /// Digest of the statement that was proved.
        statement: H256,
    }

    /// A proof was wrong, and the bond is gone.
    ProofRefused {
        /// The job.
        job: JobId,
        /// Who submitted the proof.
        worker: AccountId,
        /// What was slashed.
        bond: Balance,
        /// What was wrong.
        error: ProofError,
    }

    /// A job passed its deadline.
    JobExpired {
        /// The job.
        job: JobId,
        /// The worker that did not deliver, if any.
        worker: Option<AccountId>,
        /// What that lost of its bond.
        slashed: Balance,
    }

    /// A worker started a run of a trigger.
    Triggered {
        /// The zkGraph.
        graph: GraphId,
        /// The job.
        job: JobId,
        /// What is left of the bounty.
        bounty: Balance,
    }
}
