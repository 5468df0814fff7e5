//! A prover's share of a proof: one segment of every part.
//!
//! Whoever makes a proof has segment 0. The others may be with other processes, which execute the run themselves and are asked three things, in order,
//! over a [`Channel`]: commitments to first-phase witnesses; once all are there, those to second-phase witnesses; once all are there, folds.
//! What they answer is checked: that a folded instance satisfies the relaxed constraints, and is the one that was committed to. So a broken process costs time, is
//! named, and makes no wrong proof.

use std::io;

use ff::PrimeField;

use crate::{
    challenge::Challenges,
    engine::{Commitment, F},
    folding::{Folded, commit, fold, replay_segment},
    journal::Journal,
    matrix::Witness,
    proof::{DecodeError, ELEMENT, Reader, Writer},
    prover::{Part, ProveError, check_sizes},
    second_phase::{second_phase, sum_bus},
    setup::Setup,
    verifier::combine,
};

/// A connection to a process that answers requests by [`Segment::answer`].
pub trait Channel: Send {
    /// Sends a request and waits for the answer, which has `length` bytes. How long to wait is for the channel to decide.
    ///
    /// # Errors
    /// When the process is gone, says that it failed, or answers something longer.
    fn exchange(&mut self, request: &[u8], length: usize) -> io::Result<Vec<u8>>;
}

/// Commitments to second-phase witnesses, and the sums of their bus columns.
pub(crate) type Buses = (Vec<Commitment>, Vec<F>);

/// Segment `number` of every part that has as many.
pub struct Segment<'a> {
    setup: &'a Setup,
    parts: &'a [Part<'a>],
    number: usize,
    journal: &'a mut Journal,
    stage: Stage,
}

/// What a segment waits for.
#[derive(Clone, Debug)]
enum Stage {
    Traces,
    Buses,
    /// Folds, of this part next.
    Fold(Box<Challenges>, usize),
}

const OUT_OF_TURN: ProveError = ProveError::Segment("the request is malformed or comes out of turn");

/// What is asked of a process.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Request {
    Traces,
    Buses { alpha: F, gamma: F },
    Fold { seed: F, part: usize },
}

impl Request {
    fn encode(self) -> Vec<u8> {
        let (kind, scalars, part) = match self {
            Self::Traces => (0, vec![], None),
            Self::Buses { alpha, gamma } => (1, vec![alpha, gamma], None),
            Self::Fold { seed, part } => (2, vec![seed], Some((part as u16).to_le_bytes())),
        };
        let mut out = Writer(vec![kind]);
        out.0.extend(part.into_iter().flatten());
        out.scalars(&scalars);
        out.0
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (part, rest) = match kind {
            2 => {
                let (part, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_le_bytes(*part)), rest)
            }
            _ => (0, rest),
        };
        let scalars = Reader(rest).scalars(rest.len() / ELEMENT).ok()?;
        match (kind, &scalars[..], rest.len() % ELEMENT) {
            (0, [], 0) => Some(Self::Traces),
            (1, &[alpha, gamma], 0) => Some(Self::Buses { alpha, gamma }),
            (2, &[seed], 0) => Some(Self::Fold { seed, part }),
            _ => None,
        }
    }
}

impl<'a> Segment<'a> {
    /// Segment `number`.
    ///
    /// # Errors
    /// [`ProveError`] if a size is wrong, or the setup is too small.
    pub fn new(
        setup: &'a Setup,
        parts: &'a [Part<'a>],
        number: usize,
        journal: &'a mut Journal,
    ) -> Result<Self, ProveError> {
        check_sizes(setup, parts)?;
        Ok(Self {
            setup,
            parts,
            number,
            journal,
            stage: Stage::Traces,
        })
    }

    /// Answers a request that came over a [`Channel`].
    ///
    /// # Errors
    /// [`ProveError`]: the witness is not one, or the request is malformed or comes out of turn.
    pub fn answer(&mut self, request: &[u8]) -> Result<Vec<u8>, ProveError> {
        let mut out = Writer(Vec::new());
        match Request::decode(request).ok_or(OUT_OF_TURN)? {
            Request::Traces => self.traces(&mut || ())?.iter().for_each(|part| out.points(part)),
            Request::Buses { alpha, gamma } => {
                for (commitments, sums) in self.buses(Challenges::new(alpha, gamma), &mut || ())? {
                    out.points(&commitments);
                    out.scalars(&sums);
                }
            }
            Request::Fold { seed, part } => {
                let (folded, _) = self.fold(seed, part, &mut || ())?;
                out.points(&folded.cross);
                out.scalars(&folded.witness.trace);
                out.scalars(&folded.witness.bus);
                out.scalars(&folded.error);
            }
        }
        Ok(out.0)
    }

    /// Commits to the first-phase witnesses, by part. `tick` is called for each chunk, here and below.
    pub(crate) fn traces(&mut self, tick: &mut dyn FnMut()) -> Result<Vec<Vec<Commitment>>, ProveError> {
        let Stage::Traces = self.stage else {
            return Err(OUT_OF_TURN);
        };
        self.stage = Stage::Buses;
        let (setup, number) = (self.setup, self.number);
        let journal = &mut *self.journal;
        let mut part = |part: &Part<'_>| -> Result<_, ProveError> {
            let chunks = part.layout.segment(number);
            chunks
                .map(|chunk| {
                    let commitment = journal.commitment(|| Ok(commit(setup, &part.trace.chunk(chunk))));
                    tick();
                    commitment
                })
                .collect()
        };
        self.parts.iter().map(&mut part).collect()
    }

    /// Commits to the second-phase witnesses, and sums them up, by part.
    pub(crate) fn buses(
        &mut self,
        challenges: Challenges,
        tick: &mut dyn FnMut(),
    ) -> Result<Vec<Buses>, ProveError> {
        let Stage::Buses = self.stage else {
            return Err(OUT_OF_TURN);
        };
        self.journal.context(&challenges.to_bytes())?;
        let mut all = Vec::new();
        for part in self.parts {
            let (mut commitments, mut sums) = Buses::default();
            for chunk in part.layout.segment(self.number) {
                let mut bus = Vec::new();
                commitments.push(self.journal.commitment(|| {
                    bus = second_phase(part, &challenges, &part.trace.chunk(chunk))?;
                    Ok::<_, ProveError>(commit(self.setup, &bus))
                })?);
                sums.push(self.journal.scalar(|| {
                    if bus.is_empty() {
                        // Stopped between the two.
                        bus = second_phase(part, &challenges, &part.trace.chunk(chunk))?;
                    }
                    Ok::<_, ProveError>(sum_bus(part.shape, &bus))
                })?);
                tick();
            }
            all.push((commitments, sums));
        }
        self.stage = Stage::Fold(Box::new(challenges), 0);
        Ok(all)
    }

    /// Folds its chunks of a part; parts in order.
    pub(crate) fn fold(
        &mut self,
        seed: F,
        part: usize,
        tick: &mut dyn FnMut(),
    ) -> Result<(Folded, F), ProveError> {
        let challenges = match &mut self.stage {
            Stage::Fold(challenges, next) if *next <= part && part < self.parts.len() => {
                *next = part + 1;
                challenges.clone()
            }
            _ => return Err(OUT_OF_TURN),
        };
        self.journal.context(seed.to_repr().as_ref())?;
        let place = (part, self.number);
        let of = &self.parts[part];
        fold(self.setup, seed, place, of, &challenges, self.journal, tick)
    }

    /// What merges are written to.
    pub(crate) fn journal(&mut self) -> &mut Journal {
        self.journal
    }
}

/// Segment `number` of every part, with another process.
pub(crate) struct Remote<'a> {
    setup: &'a Setup,
    parts: &'a [Part<'a>],
    number: usize,
    channel: &'a mut dyn Channel,
    /// What was answered, by part: what the folded instances are held against.
    traces: Vec<Vec<Commitment>>,
    buses: Vec<Buses>,
}

impl<'a> Remote<'a> {
    /// Segment `number`, behind a channel.
    pub(crate) fn new(
        setup: &'a Setup,
        parts: &'a [Part<'a>],
        number: usize,
        channel: &'a mut dyn Channel,
    ) -> Self {
        Self {
            setup,
            parts,
            number,
            channel,
            traces: Vec::new(),
            buses: Vec::new(),
        }
    }

    /// Asks for `elements` elements.
    fn ask<T>(
        &mut self,
        request: Request,
        elements: usize,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, ProveError> {
        let length = elements * ELEMENT;
        let answer = self.channel.exchange(&request.encode(), length);
        let answer = answer.map_err(ProveError::Channel)?;
        let mut input = Reader(&answer);
        let read = read(&mut input).ok();
        read.filter(|_| answer.len() == length && input.0.is_empty())
            .ok_or(ProveError::Wrong(self.number, "its answer is malformed"))
    }

    fn sizes(&self) -> Vec<usize> {
        let chunks = |part: &Part<'_>| part.layout.segment(self.number).len();
        self.parts.iter().map(chunks).collect()
    }

    /// As [`Segment::traces`].
    pub(crate) fn traces(&mut self) -> Result<Vec<Vec<Commitment>>, ProveError> {
        let sizes = self.sizes();
        self.traces = self.ask(Request::Traces, sizes.iter().sum(), |input| {
            sizes.iter().map(|&chunks| input.points(chunks)).collect()
        })?;
        Ok(self.traces.clone())
    }

    /// As [`Segment::buses`].
    pub(crate) fn buses(&mut self, alpha: F, gamma: F) -> Result<Vec<Buses>, ProveError> {
        let sizes = self.sizes();
        let elements = 2 * sizes.iter().sum::<usize>();
        self.buses = self.ask(Request::Buses { alpha, gamma }, elements, |input| {
            let part = |&chunks| Ok((input.points(chunks)?, input.scalars(chunks)?));
            sizes.iter().map(part).collect()
        })?;
        Ok(self.buses.clone())
    }

    /// As [`Segment::fold`], and sees that the folded instance holds and is the one that was committed to.
    pub(crate) fn fold(
        &mut self,
        seed: F,
        part: usize,
        challenges: &Challenges,
    ) -> Result<(Folded, F), ProveError> {
        let Part {
            shape, layout, fixed, ..
        } = self.parts[part];
        let folds = layout.segment(self.number).len().saturating_sub(1);
        let columns = shape.columns() << layout.log_blocks;
        let rows = 1 << (layout.log_blocks + shape.log_rows);
        let elements = folds + 2 * columns + rows;
        let (cross, trace, bus, error) = self.ask(Request::Fold { seed, part }, elements, |input| {
            Ok((
                input.points(folds)?,
                input.scalars(columns)?,
                input.scalars(columns)?,
                input.scalars(rows)?,
            ))
        })?;
        let (weights, end) = replay_segment(seed, (part, self.number), &cross)?;
        let witness = Witness { trace, bus };
        let public = challenges.scaled(weights.u());
        let folded = Folded {
            products: shape.matrices.multiply(shape, &witness, fixed, &public),
            witness,
            error,
            cross,
            weights,
        };
        if !folded.holds() {
            return Err(ProveError::Wrong(
                self.number,
                "what it folded does not satisfy the constraints",
            ));
        }
        if !self.is_committed(part, &folded) {
            return Err(ProveError::Wrong(
                self.number,
                "what it folded is not what it committed to",
            ));
        }
        Ok((folded, end))
    }

    fn is_committed(&self, part: usize, folded: &Folded) -> bool {
        let weights = &folded.weights;
        let (Some(traces), Some((buses, sums))) = (self.traces.get(part), self.buses.get(part)) else {
            return false;
        };
        let sum: F = sums.iter().zip(&weights.chunks).map(|(s, w)| *s * w).sum();
        let same = |vector: &[F], commitments: &[Commitment], weights: &[F]| {
            commit(self.setup, vector) == combine(commitments, weights)
        };
        sum == sum_bus(self.parts[part].shape, &folded.witness.bus)
            && same(&folded.witness.trace, traces, &weights.chunks)
            && same(&folded.witness.bus, buses, &weights.chunks)
            && same(&folded.error, &folded.cross, &weights.cross)
    }
}
