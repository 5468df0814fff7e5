//! The bus challenges, and entries that the verifier puts on the bus itself.

use ff::{BatchInvert, Field, PrimeField};

use crate::{
    engine::F,
    shape::{PUBLIC, TAG_POWER},
};

/// γ and the powers of α.
#[derive(Clone, Debug)]
pub(crate) struct Challenges {
    /// 1, γ, α, α², … α⁸: segment X of an instance that is not folded.
    pub(crate) public: [F; PUBLIC],
}

impl Challenges {
    pub(crate) fn new(alpha: F, gamma: F) -> Self {
        let mut public = [F::ONE; PUBLIC];
        public[1] = gamma;
        for i in 2..PUBLIC {
            public[i] = if i == 2 { alpha } else { public[i - 1] * alpha };
        }
        Self { public }
    }

    /// α and γ.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let drawn = [self.alpha(1), self.gamma()];
        drawn
            .iter()
            .flat_map(|scalar| scalar.to_repr().as_ref().to_vec())
            .collect()
    }

    fn gamma(&self) -> F {
        self.public[1]
    }

    fn alpha(&self, power: usize) -> F {
        if power == 0 {
            F::ONE
        } else {
            self.public[1 + power]
        }
    }

    /// Segment X of an instance folded to `u`.
    pub(crate) fn scaled(&self, u: F) -> [F; PUBLIC] {
        self.public.map(|value| value * u)
    }
}

/// A bus entry that the verifier makes from public data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicEntry {
    /// The tuple's tag.
    pub tag: u64,
    /// Components, by power of α from 1 on.
    pub components: Vec<F>,
    /// Whether the tuple is removed (rather than added).
    pub remove: bool,
}

/// Σ ±1/(γ − f) over the entries; `None` if γ is one of the fingerprints (negligible).
pub(crate) fn sum_entries(challenges: &Challenges, entries: &[PublicEntry]) -> Option<F> {
    let mut denominators: Vec<F> = entries
        .iter()
        .map(|entry| {
            let components: F = entry
                .components
                .iter()
                .enumerate()
                .map(|(i, value)| challenges.alpha(i + 1) * value)
                .sum();
            challenges.gamma() - challenges.alpha(TAG_POWER) * F::from(entry.tag) - components
        })
        .collect();
    if denominators.contains(&F::ZERO) {
        return None;
    }
    denominators.iter_mut().batch_invert();
    Some(
        entries
            .iter()
            .zip(denominators)
            .map(|(entry, h)| if entry.remove { -h } else { h })
            .sum(),
    )
}
