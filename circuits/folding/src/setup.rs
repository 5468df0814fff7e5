//! Powers of tau: from a ceremony's file, or for development from a tau that everybody knows.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use ff::{Field, PrimeField};
use halo2curves::{
    bn256::{Fq, G1, G1Affine, G2Affine},
    group::{Curve, Group, GroupEncoding},
};
use nova_snark::traits::commitment::CommitmentEngineTrait;
use rayon::prelude::*;

use crate::engine::{CE, CommitmentKey, F, OpeningKey, from_label};

/// Why a setup could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The file cannot be opened.
    #[error("cannot open the powers of tau at {path}: {source}")]
    Open {
        /// Where it was looked for.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file is not a powers-of-tau file, or it has too few powers.
    #[error("cannot use the powers of tau at {path}: {reason}")]
    Unusable {
        /// Where it is.
        path: String,
        /// What nova-snark says of it.
        reason: String,
    },
    /// The points are not on the curve.
    #[error("the points are not valid: {0}")]
    Points(#[from] nova_snark::errors::NovaError),
}

/// The prover's side of a setup.
#[derive(Clone, Debug)]
pub struct Setup {
    pub(crate) key: CommitmentKey,
}

/// Label of the blinding generator; nothing is blinded, so it is never used.
const LABEL: &[u8] = b"weft";

impl Setup {
    /// A setup for development, with a tau that everybody knows: **whoever uses it can forge proofs.** Its verifying
    /// keys have a digest of their own, which only development chains accept. `2^log_size` powers.
    ///
    /// # Errors
    /// [`SetupError::Points`] never happens with the points made here.
    pub fn development(log_size: usize) -> Result<Self, SetupError> {
        let tau = from_label(b"weft development tau: public, proofs made with it are worthless");
        let table = WindowTable::new();
        let size = 1usize << log_size;
        const RUN: usize = 1 << 10;
        let points: Vec<G1Affine> = (0..size.div_ceil(RUN))
            .into_par_iter()
            .flat_map_iter(|run| {
                let first = run * RUN;
                let mut power = tau.pow_vartime([first as u64]);
                let points: Vec<G1> = (first..size.min(first + RUN))
                    .map(|_| {
                        let point = table.mul(&power);
                        power *= tau;
                        point
                    })
                    .collect();
                let mut affine = vec![G1Affine::default(); points.len()];
                G1::batch_normalize(&points, &mut affine);
                affine
            })
            .collect();
        let h = (G1::generator() * from_label(b"weft development h")).to_affine();
        let tau_h = (halo2curves::bn256::G2::generator() * tau).to_affine();
        Ok(Self {
            key: quietly(|| CommitmentKey::new(points, h, tau_h))?,
        })
    }

    /// A ceremony's powers of tau, from a `.ptau` file with at least `2^log_size` powers.
    ///
    /// # Errors
    /// When the file is missing, malformed or too small.
    pub fn from_file(path: &Path, log_size: usize) -> Result<Self, SetupError> {
        let shown = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|source| SetupError::Open {
            path: shown.clone(),
            source,
        })?;
        let key = quietly(|| CE::load_setup(&mut std::io::BufReader::new(file), LABEL, 1 << log_size))
            .map_err(|error| SetupError::Unusable {
                path: shown,
                reason: error.to_string(),
            })?;
        Ok(Self { key })
    }

    /// Writes the powers of tau as a `.ptau` file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), SetupError> {
        let shown = path.display().to_string();
        let file = std::fs::File::create(path).map_err(|source| SetupError::Open {
            path: shown.clone(),
            source,
        })?;
        CE::save_setup(&self.key, &mut std::io::BufWriter::new(file)).map_err(|error| SetupError::Unusable {
            path: shown,
            reason: error.to_string(),
        })
    }

    /// How many powers there are.
    pub fn size(&self) -> usize {
        self.key.ck().len()
    }

    /// tau·H, compressed: all that the verifier needs to know of the setup.
    pub fn tau_h(&self) -> [u8; 64] {
        self.key.tau_H().to_bytes().as_ref().try_into().unwrap_or([0; 64])
    }
}

/// Runs `f` with standard output closed off: halo2curves 0.9 prints 62 lines whenever it checks a point of G2
/// (`exp_by_x` in its bn256 module), and nova-snark always checks tau·H. What other threads print meanwhile is lost too.
/// One thread at a time, or the second would save what the first closed off and leave it closed.
fn quietly<T>(f: impl FnOnce() -> T) -> T {
    use rustix::{fd::OwnedFd, io::dup, stdio};

    /// Opens standard output again, after a panic too.
    struct Closed(OwnedFd);

    impl Drop for Closed {
        fn drop(&mut self) {
            let _ = std::io::Write::flush(&mut std::io::stdout());
            let _ = stdio::dup2_stdout(&self.0);
        }
    }

    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let null = std::fs::OpenOptions::new().write(true).open("/dev/null");
    let _closed = match (null, dup(stdio::stdout())) {
        (Ok(null), Ok(saved)) => {
            let _ = std::io::Write::flush(&mut std::io::stdout());
            let _ = stdio::dup2_stdout(null);
            Some(Closed(saved))
        }
        _ => None,
    };
    f()
}

/// The verifier's side of a setup.
#[derive(Clone, Debug)]
pub struct VerifierSetup {
    pub(crate) key: OpeningKey,
}

/// The bits of a compressed point's last byte that are not its coordinate's: infinity, and the sign.
const FLAGS: u8 = 0b1100_0000;

impl VerifierSetup {
    /// From tau·H, compressed. `None` if it is not a point of G2's prime-order subgroup, or is the identity.
    ///
    /// The last setup read is remembered: a chain verifies under one key for months, and reading one is not silent
    /// (see [`quietly`]).
    pub fn new(tau_h: &[u8; 64]) -> Option<Self> {
        static LAST: Mutex<Option<([u8; 64], VerifierSetup)>> = Mutex::new(None);
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, setup)) = &*last
            && known == tau_h
        {
            return Some(setup.clone());
        }
        let setup = Self::read(tau_h)?;
        *last = Some((*tau_h, setup.clone()));
        Some(setup)
    }

    fn read(tau_h: &[u8; 64]) -> Option<Self> {
        // halo2curves panics on coordinates beyond the field, so they are looked at first.
        let (real, imaginary) = tau_h.split_at(32);
        let mut imaginary: [u8; 32] = imaginary.try_into().ok()?;
        imaginary[31] &= !FLAGS;
        let canonical = |bytes: [u8; 32]| bool::from(Fq::from_repr(bytes.into()).is_some());
        if !canonical(real.try_into().ok()?) || !canonical(imaginary) {
            return None;
        }
        let mut repr = <G2Affine as GroupEncoding>::Repr::default();
        repr.as_mut().copy_from_slice(tau_h);
        let point = Option::<G2Affine>::from(G2Affine::from_bytes(&repr))?;
        if point == G2Affine::default() || point.to_bytes().as_ref() != tau_h {
            return None;
        }
        // nova-snark makes such keys from a whole commitment key only; its serde form is three points, and reading it
        // checks that the last is in G2's subgroup of prime order.
        let form = (G1Affine::generator(), G2Affine::generator(), point);
        let bytes = bincode::serde::encode_to_vec(form, bincode::config::legacy()).ok()?;
        let (key, _) =
            quietly(|| bincode::serde::decode_from_slice(&bytes, bincode::config::legacy())).ok()?;
        Some(Self { key })
    }
}

/// Multiples of the generator, for many multiplications by different scalars.
struct WindowTable(Vec<[G1Affine; 255]>);

impl WindowTable {
    fn new() -> Self {
        let mut base = G1::generator();
        let rows = (0..32)
            .map(|_| {
                let mut multiples = [G1::identity(); 255];
                let mut sum = G1::identity();
                for multiple in &mut multiples {
                    sum += base;
                    *multiple = sum;
                }
                base = sum + base;
                let mut row = [G1Affine::default(); 255];
                G1::batch_normalize(&multiples, &mut row);
                row
            })
            .collect();
        Self(rows)
    }

    fn mul(&self, scalar: &F) -> G1 {
        use ff::PrimeField;
        let mut sum = G1::identity();
        for (row, byte) in self.0.iter().zip(scalar.to_repr().as_ref()) {
            if *byte > 0 {
                sum += row[usize::from(*byte) - 1];
            }
        }
        sum
    }
}
