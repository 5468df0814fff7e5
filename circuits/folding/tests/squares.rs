//! A small system, honest and cheating: blocks put (x, x²) on the bus, a table takes them off again.

use std::sync::OnceLock;

use ff::Field;
use weft_folding::{
    Channel, F, Fixed, Journal, Layout, Part, ProveError, PublicEntry, Segment, Setup, Trace, VerifierPart,
    VerifierSetup, VerifyError, commit_fixed, prove,
    shape::{Linear, Shape, ShapeBuilder},
    verify,
};

const SQUARE: u64 = 1;
const LOG_TABLE: usize = 4;

fn setup() -> &'static Setup {
    static SETUP: OnceLock<Setup> = OnceLock::new();
    SETUP.get_or_init(|| Setup::development(8).expect("the points are valid"))
}

fn verifier_setup() -> VerifierSetup {
    VerifierSetup::new(&setup().tau_h()).expect("tau·H is valid")
}

/// x, y and whether the block is on; y = x².
fn squares() -> Shape {
    let mut block = ShapeBuilder::new("squares");
    let [x, y, on] = block.traces();
    block.boolean(on);
    block.enforce(x, x, y);
    block.entry(SQUARE, &[(1, x.into()), (2, y.into())], on);
    block.finish()
}

/// i and i², fixed, and how often they are taken.
fn table() -> Shape {
    let mut block = ShapeBuilder::new("table");
    let (i, square, taken) = (block.fixed(), block.fixed(), block.trace());
    block.entry(
        SQUARE,
        &[(1, i.into()), (2, square.into())],
        Linear::zero() - taken,
    );
    block.finish()
}

struct Rows(Vec<Vec<F>>);

impl Trace for Rows {
    fn chunk(&self, index: usize) -> Vec<F> {
        self.0[index].clone()
    }
}

/// What one prover does: blocks (x, y, on) by chunk and the table's multiplicities.
struct Attempt {
    chunks: Vec<Vec<(u64, u64, u64)>>,
    taken: Vec<u64>,
    entries: Vec<PublicEntry>,
    /// Provers, each with a segment of the chunks.
    segments: usize,
}

/// A prover of a segment in this process, who may change what he answers.
struct Here<'a> {
    segment: Segment<'a>,
    change: &'a (dyn Fn(usize, &mut Vec<u8>) + Sync),
    asked: usize,
}

impl Channel for Here<'_> {
    fn exchange(&mut self, request: &[u8], _: usize) -> std::io::Result<Vec<u8>> {
        let mut answer = self.segment.answer(request).map_err(std::io::Error::other)?;
        (self.change)(self.asked, &mut answer);
        self.asked += 1;
        Ok(answer)
    }
}

impl Attempt {
    fn honest(chunks: &[&[u64]]) -> Self {
        let mut taken = vec![0; 1 << LOG_TABLE];
        let chunks = chunks
            .iter()
            .map(|xs| {
                let mut blocks: Vec<_> = xs.iter().map(|&x| (x, x * x, 1)).collect();
                xs.iter().for_each(|&x| taken[x as usize] += 1);
                blocks.resize(8, (0, 0, 0));
                blocks
            })
            .collect();
        Self {
            chunks,
            taken,
            entries: Vec::new(),
            segments: 1,
        }
    }

    fn layout(&self) -> Layout {
        Layout {
            log_blocks: 3,
            chunks: self.chunks.len(),
            segments: self.segments,
        }
    }

    fn fixed() -> Vec<F> {
        let width = table().columns();
        let row = |i| {
            let mut row = vec![F::from(i), F::from(i * i)];
            row.resize(width, F::ZERO);
            row
        };
        (0..1u64 << LOG_TABLE).flat_map(row).collect()
    }

    fn proof(&self, domain: &[u8]) -> Result<Vec<u8>, ProveError> {
        self.proof_with(domain, &mut Journal::none())
    }

    fn proof_with(&self, domain: &[u8], journal: &mut Journal) -> Result<Vec<u8>, ProveError> {
        self.proof_changed(domain, journal, &|_, _| ())
    }

    /// A proof by as many provers as there are segments; `change` changes the answers of all but the first.
    fn proof_changed(
        &self,
        domain: &[u8],
        journal: &mut Journal,
        change: &(dyn Fn(usize, &mut Vec<u8>) + Sync),
    ) -> Result<Vec<u8>, ProveError> {
        let (squares, table) = (squares(), table());
        let width = squares.columns();
        let blocks = Rows(
            self.chunks
                .iter()
                .map(|blocks| {
                    blocks
                        .iter()
                        .flat_map(|&(x, y, on)| {
                            let mut row = vec![F::from(x), F::from(y), F::from(on)];
                            row.resize(width, F::ZERO);
                            row
                        })
                        .collect()
                })
                .collect(),
        );
        let table_width = table.columns();
        let taken = Rows(vec![
            self.taken
                .iter()
                .flat_map(|&t| {
                    let mut row = vec![F::from(t)];
                    row.resize(table_width, F::ZERO);
                    row
                })
                .collect(),
        ]);
        let fixed = Self::fixed();
        let parts = [
            Part {
                shape: &squares,
                layout: self.layout(),
                trace: &blocks,
                fixed: &[],
                commitment: None,
            },
            Part {
                shape: &table,
                layout: Layout {
                    log_blocks: LOG_TABLE,
                    chunks: 1,
                    segments: 1,
                },
                trace: &taken,
                fixed: &fixed,
                commitment: Some(commit_fixed(setup(), &table, &fixed)?),
            },
        ];
        let mut journals: Vec<Journal> = (1..self.segments).map(|_| Journal::none()).collect();
        let mut others = Vec::new();
        for (number, journal) in (1..).zip(&mut journals) {
            others.push(Here {
                segment: Segment::new(setup(), &parts, number, journal)?,
                change,
                asked: 0,
            });
        }
        let mut channels: Vec<&mut dyn Channel> =
            others.iter_mut().map(|other| other as &mut dyn Channel).collect();
        let (proof, _) = prove(
            setup(),
            domain,
            &parts,
            &self.entries,
            &mut channels,
            journal,
            &|_, _| (),
        )?;
        Ok(proof.encode())
    }

    fn verify(&self, domain: &[u8], proof: &[u8]) -> Result<(), VerifyError> {
        self.verify_with(domain, proof, &Self::fixed())
    }

    fn verify_with(&self, domain: &[u8], proof: &[u8], fixed: &[F]) -> Result<(), VerifyError> {
        let (squares, table) = (squares(), table());
        let commitment = commit_fixed(setup(), &table, fixed).expect("the setup is large enough");
        let parts = [
            VerifierPart {
                shape: &squares,
                layout: self.layout(),
                fixed: Fixed::Absent,
            },
            VerifierPart {
                shape: &table,
                layout: Layout {
                    log_blocks: LOG_TABLE,
                    chunks: 1,
                    segments: 1,
                },
                fixed: Fixed::Committed(commitment),
            },
        ];
        verify(&verifier_setup(), domain, &parts, &self.entries, proof)
    }
}

#[test]
fn an_honest_proof_verifies_for_one_two_and_five_chunks() {
    for chunks in [
        &[&[1u64, 2, 3][..]][..],
        &[&[1, 1], &[5]],
        &[&[0], &[], &[15, 15], &[4], &[7]],
    ] {
        let attempt = Attempt::honest(chunks);
        let proof = attempt.proof(b"claim").expect("the witness is honest");
        attempt
            .verify(b"claim", &proof)
            .expect("an honest proof verifies");
    }
}

#[test]
fn a_proof_for_one_claim_does_not_verify_for_another() {
    let attempt = Attempt::honest(&[&[1, 2], &[3]]);
    let proof = attempt.proof(b"claim").expect("the witness is honest");
    assert!(attempt.verify(b"another claim", &proof).is_err());
}

#[test]
fn a_false_witness_is_not_proved() {
    let mut attempt = Attempt::honest(&[&[1, 2], &[3]]);
    attempt.chunks[1][0].2 = 2;
    attempt.taken[3] = 2;
    assert!(matches!(
        attempt.proof(b""),
        Err(ProveError::Unsatisfied {
            chunk: 1,
            block: 0,
            ..
        })
    ));
}

#[test]
fn an_unbalanced_bus_is_refused() {
    let mut attempt = Attempt::honest(&[&[1, 2], &[3]]);
    attempt.taken[3] = 0;
    assert!(matches!(attempt.proof(b""), Err(ProveError::Unbalanced)));
}

#[test]
fn the_verifiers_entries_count() {
    let mut attempt = Attempt::honest(&[&[1, 2], &[3]]);
    let entry = |remove| PublicEntry {
        tag: SQUARE,
        components: vec![F::from(3), F::from(9)],
        remove,
    };
    attempt.entries = vec![entry(false)];
    attempt.taken[3] += 1;
    let proof = attempt.proof(b"").expect("each block is satisfied");
    attempt
        .verify(b"", &proof)
        .expect("the table takes the verifier's entry too");
    attempt.entries = vec![entry(true)];
    assert!(attempt.verify(b"", &proof).is_err());
}

#[test]
fn the_verifiers_entries_are_fixed_before_the_challenges() {
    // A pair that cancels does not change the sum: only the transcript can tell.
    let mut attempt = Attempt::honest(&[&[1, 2], &[3]]);
    let proof = attempt.proof(b"").expect("the witness is honest");
    let entry = |remove| PublicEntry {
        tag: SQUARE,
        components: vec![F::from(3), F::from(9)],
        remove,
    };
    attempt.entries = vec![entry(false), entry(true)];
    assert!(attempt.verify(b"", &proof).is_err());
}

#[test]
fn another_fixed_segment_is_refused() {
    let attempt = Attempt::honest(&[&[1, 2], &[3]]);
    let proof = attempt.proof(b"").expect("the witness is honest");
    let mut fixed = Attempt::fixed();
    let at = 15 * table().columns();
    fixed[at] += F::ONE;
    assert!(attempt.verify_with(b"", &proof, &fixed).is_err());
}

#[test]
fn every_changed_element_of_a_proof_is_noticed() {
    let attempt = Attempt::honest(&[&[1, 2], &[3]]);
    let proof = attempt.proof(b"").expect("the witness is honest");
    for at in (0..proof.len()).step_by(32) {
        let mut changed = proof.clone();
        changed[at] ^= 1;
        assert!(attempt.verify(b"", &changed).is_err(), "byte {at}");
    }
}

#[test]
fn truncated_and_extended_proofs_are_malformed() {
    let attempt = Attempt::honest(&[&[1, 2], &[3]]);
    let mut proof = attempt.proof(b"").expect("the witness is honest");
    for length in 0..proof.len() {
        assert!(matches!(
            attempt.verify(b"", &proof[..length]),
            Err(VerifyError::Malformed(_))
        ));
    }
    proof.push(0);
    assert!(matches!(
        attempt.verify(b"", &proof),
        Err(VerifyError::Malformed(_))
    ));
}

#[test]
fn a_prover_who_was_stopped_anywhere_goes_on_and_makes_the_same_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("proof.journal");
    let open = |subject| Journal::open(&path, subject).expect("the folder can be written");
    let attempt = Attempt::honest(&[&[1, 2, 3], &[4, 5], &[6]]);
    let mut journal = open([1; 32]);
    let whole = attempt.proof_with(b"domain", &mut journal).expect("honest");
    assert_eq!(whole, attempt.proof(b"domain").expect("honest"));
    let records = journal.len();
    // Three chunks and the table: two commitments and a sum each; two folds; the challenges, and the seed for either part.
    assert_eq!(records, 3 * 4 + 2 + 3);
    let bytes = std::fs::read(&path).expect("it is there");
    assert_eq!(bytes.len(), 40 * records);

    for kept in [0, 39, 40, 41, 5 * 40, 7 * 40 + 1, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..kept]).expect("the folder can be written");
        let mut journal = open([1; 32]);
        assert_eq!(journal.len(), kept / 40);
        assert_eq!(
            attempt.proof_with(b"domain", &mut journal).expect("honest"),
            whole
        );
        assert_eq!(std::fs::read(&path).expect("it is there"), bytes);
    }

    // A damaged record and all after it are forgotten; so is a journal about something else.
    let mut damaged = bytes.clone();
    damaged[4 * 40 + 7] ^= 1;
    std::fs::write(&path, &damaged).expect("the folder can be written");
    assert_eq!(open([1; 32]).len(), 4);
    std::fs::write(&path, &bytes).expect("the folder can be written");
    assert!(open([2; 32]).is_empty());
}

fn several(segments: usize) -> Attempt {
    let mut attempt = Attempt::honest(&[&[1, 2, 3], &[4, 5], &[6], &[7, 8], &[9], &[10, 11]]);
    attempt.segments = segments;
    attempt
}

#[test]
fn several_provers_make_one_proof() {
    let mut seen = Vec::new();
    for segments in 1..=6 {
        let attempt = several(segments);
        let proof = attempt.proof(b"claim").expect("the witness is honest");
        attempt
            .verify(b"claim", &proof)
            .expect("an honest proof verifies");
        seen.push(proof.clone());
        // The number of segments is part of what is proved, though proofs are equally long.
        for other in (1..=6).filter(|&other| other != segments) {
            assert!(several(other).verify(b"claim", &proof).is_err());
        }
    }
    assert!(seen.iter().all(|proof| proof.len() == seen[0].len()));
}

#[test]
fn every_changed_element_of_a_proof_by_several_is_noticed() {
    let attempt = several(3);
    let proof = attempt.proof(b"").expect("the witness is honest");
    for at in (0..proof.len()).step_by(32) {
        let mut changed = proof.clone();
        changed[at] ^= 1;
        assert!(attempt.verify(b"", &changed).is_err(), "byte {at}");
    }
}

#[test]
fn cross_terms_of_segments_cannot_be_exchanged() {
    let attempt = several(2);
    let proof = attempt.proof(b"").expect("the witness is honest");
    // Six commitments to W0, six to W1 and six sums come before the five cross terms: two, two, and that of the merge.
    let at = |cross: usize| 32 * (18 + cross)..32 * (19 + cross);
    for (one, other) in [(0, 1), (0, 2), (1, 3), (2, 3), (0, 4), (3, 4)] {
        let mut changed = proof.clone();
        changed[at(one)].copy_from_slice(&proof[at(other)]);
        changed[at(other)].copy_from_slice(&proof[at(one)]);
        assert!(attempt.verify(b"", &changed).is_err(), "{one} and {other}");
    }
}

#[test]
fn a_prover_whose_answers_are_wrong_is_named() {
    let attempt = several(2);
    for answer in 0..3 {
        for (at, cut) in [(0, false), (33, false), (200, false), (0, true)] {
            let change = |asked: usize, bytes: &mut Vec<u8>| {
                if asked == answer {
                    let at = at % bytes.len();
                    bytes[at] ^= 1;
                    if cut {
                        bytes.pop();
                    }
                }
            };
            let proof = attempt.proof_changed(b"", &mut Journal::none(), &change);
            assert!(
                matches!(proof, Err(ProveError::Wrong(1, _) | ProveError::Unbalanced)),
                "answer {answer}, byte {at}"
            );
        }
    }
}

#[test]
fn sums_that_are_wrong_and_balance_are_noticed() {
    let attempt = several(2);
    let change = |asked: usize, bytes: &mut Vec<u8>| {
        if asked == 1 {
            // Three commitments, three sums: 1 more here is 1 less there.
            bytes[3 * 32] = bytes[3 * 32].wrapping_add(1);
            bytes[4 * 32] = bytes[4 * 32].wrapping_sub(1);
        }
    };
    let proof = attempt.proof_changed(b"", &mut Journal::none(), &change);
    assert!(matches!(
        proof,
        Err(ProveError::Wrong(1, _) | ProveError::Unbalanced)
    ));
}

#[test]
fn a_journal_that_a_broken_prover_spoiled_is_forgotten_from_there_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("proof.journal");
    let open = || Journal::open(&path, [1; 32]).expect("the folder can be written");
    let attempt = several(2);
    // Another witness commits to something else, so that challenges are others.
    let answer = |asked: usize, bytes: &mut Vec<u8>| {
        if asked == 0 {
            let (first, second) = bytes.split_at_mut(32);
            first.swap_with_slice(&mut second[..32]);
        }
    };
    assert!(attempt.proof_changed(b"", &mut open(), &answer).is_err());
    assert!(!open().is_empty());
    let proof = attempt.proof_with(b"", &mut open()).expect("all are honest now");
    attempt.verify(b"", &proof).expect("an honest proof verifies");
}

#[test]
fn a_prover_of_a_segment_refuses_requests_out_of_turn_and_garbage() {
    let attempt = several(2);
    let refused = |bytes: &[u8]| {
        let shape = squares();
        let nothing = Rows(Vec::new());
        let parts = [Part {
            shape: &shape,
            layout: attempt.layout(),
            trace: &nothing,
            fixed: &[],
            commitment: None,
        }];
        let mut journal = Journal::none();
        let mut segment = Segment::new(setup(), &parts, 1, &mut journal).expect("the sizes are right");
        assert!(matches!(segment.answer(bytes), Err(ProveError::Segment(_))));
    };
    refused(&[]);
    refused(&[3]);
    refused(&[0, 1]);
    refused(&[1; 64]);
    refused(&[2; 35]);
    // A fold before there are challenges.
    let mut fold = vec![2, 0, 0];
    fold.extend([0; 32]);
    refused(&fold);
    fold[1] = 1;
    refused(&fold);
}

#[test]
fn more_segments_than_provers_or_chunks_are_refused() {
    let mut attempt = several(7);
    assert!(attempt.proof(b"").is_err());
    attempt.segments = 0;
    assert!(attempt.proof(b"").is_err());
}
