//! Keys. The verifying key is 99 bytes: it names the circuit by its digest, and the powers of tau by tau·H.

use weft_folding::{Setup, VerifierSetup, keccak256, shape::Shape};

use crate::{
    advice,
    precompiles::Shapes,
    step::{Class, StepShape},
    tables::{ScanColumns, image_shape, scan_shape, table_shape},
};

/// Version of the circuit and of the proof's wire form. A new circuit gets a new version; old ones stay.
const VERSION: u16 = 5;

/// Bytes of a verifying key.
pub const KEY_BYTES: usize = 99;

/// Whether a setup's tau is known to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SetupKind {
    /// For development: everybody knows tau, so anybody can forge proofs.
    Development = 0,
    /// From a ceremony: forging needs all of its participants.
    Ceremony = 1,
}

/// All shapes, with the columns that witnesses are written to.
pub(crate) struct Circuit {
    /// In the order of [`Class::ALL`].
    pub(crate) steps: [StepShape; 4],
    pub(crate) scan: Shape,
    pub(crate) scan_columns: ScanColumns,
    pub(crate) image: Shape,
    pub(crate) image_taken: weft_folding::shape::Column,
    pub(crate) table: Shape,
    pub(crate) table_counts: [weft_folding::shape::Column; 2],
    pub(crate) precompiles: Shapes,
    pub(crate) advice: (Shape, advice::Columns),
    pub(crate) digest: [u8; 32],
}

impl Circuit {
    /// The circuit; made once.
    pub(crate) fn get() -> &'static Self {
        static CIRCUIT: std::sync::LazyLock<Circuit> = std::sync::LazyLock::new(|| {
            let steps = Class::ALL.map(StepShape::new);
            let (scan, scan_columns) = scan_shape();
            let (image, image_taken) = image_shape();
            let (table, table_counts) = table_shape();
            let precompiles = Shapes::new();
            let advice = advice::shape();
            let digests: Vec<u8> = steps
                .iter()
                .map(|step| &step.shape)
                .chain([&scan, &image, &table, &precompiles.spread.0])
                .chain(precompiles.optional())
                .chain([&advice.0])
                .flat_map(|shape| shape.digest())
                .collect();
            Circuit {
                steps,
                scan,
                scan_columns,
                image,
                image_taken,
                table,
                table_counts,
                precompiles,
                advice,
                digest: keccak256(&digests),
            }
        });
        &CIRCUIT
    }
}

/// What a verifier needs beside the claim and the proof.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    kind: SetupKind,
    tau_h: [u8; 64],
    pub(crate) setup: VerifierSetup,
}

impl VerifyingKey {
    /// The key for proofs made with `setup`. `None` never happens for a setup that was loaded or made.
    pub fn new(setup: &Setup, kind: SetupKind) -> Option<Self> {
        let tau_h = setup.tau_h();
        Some(Self {
            kind,
            tau_h,
            setup: VerifierSetup::new(&tau_h)?,
        })
    }

    /// Which kind of setup the key belongs to.
    pub fn kind(&self) -> SetupKind {
        self.kind
    }

    /// Wire form: version (u16, little-endian), kind of setup, digest of the circuit, tau·H compressed.
    pub fn encode(&self) -> [u8; KEY_BYTES] {
        let mut out = [0; KEY_BYTES];
        out[..2].copy_from_slice(&VERSION.to_le_bytes());
        out[2] = self.kind as u8;
        out[3..35].copy_from_slice(&Circuit::get().digest);
        out[35..].copy_from_slice(&self.tau_h);
        out
    }

    /// Reads the wire form; `None` if it is for another circuit or malformed.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; KEY_BYTES] = bytes.try_into().ok()?;
        let kind = match bytes[2] {
            0 => SetupKind::Development,
            1 => SetupKind::Ceremony,
            _ => return None,
        };
        if bytes[..2] != VERSION.to_le_bytes() || bytes[3..35] != Circuit::get().digest {
            return None;
        }
        let tau_h = bytes[35..].try_into().ok()?;
        Some(Self {
            kind,
            tau_h,
            setup: VerifierSetup::new(&tau_h)?,
        })
    }

    /// What statements call the key: keccak256 of the wire form.
    pub fn digest(&self) -> [u8; 32] {
        keccak256(&self.encode())
    }
}
