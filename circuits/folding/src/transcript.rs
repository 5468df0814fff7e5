//! What prover and verifier absorb alike.

use ff::PrimeField;

use crate::{
    challenge::PublicEntry,
    engine::{Commitment, F, Transcript, keccak256},
    proof::Layout,
    shape::Shape,
};

/// A transcript that is bound to what the proof is about.
pub(crate) fn start(domain: &[u8]) -> Transcript {
    let mut transcript = Transcript::new(b"weft flat folding v2");
    transcript.bytes(b"domain", domain);
    transcript
}

/// Absorbs the shape and the size of every part, and the commitment to its fixed segment, if it has one that is committed to.
/// Names tell shapes apart because callers need not use all shapes that they have; what a name stands for is theirs to bind.
pub(crate) fn absorb_layouts<'a>(
    transcript: &mut Transcript,
    layouts: impl ExactSizeIterator<Item = (&'a Shape, Layout, Option<Commitment>)>,
) {
    transcript.number(b"parts", layouts.len() as u64);
    for (shape, layout, fixed) in layouts {
        transcript.bytes(b"shape", shape.name.as_bytes());
        transcript.number(b"log blocks", layout.log_blocks as u64);
        transcript.number(b"chunks", layout.chunks as u64);
        transcript.number(b"segments", layout.segments as u64);
        transcript.commitments(b"fixed", fixed.as_slice());
    }
}

/// The transcript of a segment: whoever folds it draws from it alone. The seed was drawn when everything before folding was absorbed.
pub(crate) fn fork(seed: F, part: usize, segment: usize) -> Transcript {
    let mut transcript = Transcript::new(b"weft segment v1");
    transcript.scalars(b"seed", &[seed]);
    transcript.number(b"part", part as u64);
    transcript.number(b"segment", segment as u64);
    transcript
}

/// HyperKZG absorbs neither commitment, point nor value: they are absorbed here, before every opening.
pub(crate) fn absorb_opening(transcript: &mut Transcript, commitment: &Commitment, point: &[F], value: F) {
    transcript.commitments(b"opened", &[*commitment]);
    transcript.scalars(b"point", point);
    transcript.scalars(b"value", &[value]);
}

/// The verifier's entries enter the bus equation, so they must be fixed before its challenges are drawn: also those
/// that the caller takes from the proof.
pub(crate) fn absorb_entries(transcript: &mut Transcript, entries: &[PublicEntry]) {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(&entry.tag.to_le_bytes());
        bytes.push(entry.remove.into());
        bytes.push(entry.components.len() as u8);
        entry
            .components
            .iter()
            .for_each(|c| bytes.extend_from_slice(c.to_repr().as_ref()));
    }
    transcript.number(b"entries", entries.len() as u64);
    transcript.bytes(b"entries digest", &keccak256(&bytes));
}
