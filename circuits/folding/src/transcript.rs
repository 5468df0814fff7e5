//! What prover and verifier absorb alike.

use crate::{
    engine::{Commitment, F, Transcript},
    proof::Layout,
};

/// A transcript that is bound to what the proof is about.
pub(crate) fn start(domain: &[u8]) -> Transcript {
    let mut transcript = Transcript::new(b"weft flat folding v1");
    transcript.bytes(b"domain", domain);
    transcript
}

pub(crate) fn absorb_layouts(transcript: &mut Transcript, layouts: impl Iterator<Item = Layout>) {
    for layout in layouts {
        transcript.number(b"log blocks", layout.log_blocks as u64);
        transcript.number(b"chunks", layout.chunks as u64);
    }
}

/// HyperKZG absorbs neither commitment, point nor value: they are absorbed here, before every opening.
pub(crate) fn absorb_opening(
    transcript: &mut Transcript,
    commitment: &Commitment,
    point: &[F],
    value: F,
) {
    transcript.commitments(b"opened", &[*commitment]);
    transcript.scalars(b"point", point);
    transcript.scalars(b"value", &[value]);
}
