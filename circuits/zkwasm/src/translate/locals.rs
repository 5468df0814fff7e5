//! Finds the locals whose initial zero a function can read, so that the others need no zeroing.
//!
//! Frames are reused, so a local's cell holds whatever was there before. A local must be zeroed on entry if some
//! path may read it before writing it. This keeps, at every point, the set of locals that every path to it has
//! written; a read of another local makes it one to zero. Where paths meet, the sets are intersected. A loop's
//! start needs only the set on entry, because paths back to it have written more.

use std::collections::BTreeSet;

use wasmparser::Operator;

/// Locals with higher indices are always zeroed if read, which bounds the work for hostile functions.
const TRACKED: u32 = 256;

type Written = [u64; (TRACKED / 64) as usize];

const EVERYTHING: Written = [u64::MAX; (TRACKED / 64) as usize];

struct Frame {
    is_loop: bool,
    /// What the paths to the end of the block have written.
    end: Written,
    /// For an `if`: what is written where the `else` starts.
    start: Option<Written>,
}

/// The declared locals, by index, that need zeroing on entry.
pub(super) fn read_before_written(params: u32, operators: &[Operator]) -> BTreeSet<u32> {
    let mut frames = vec![Frame {
        is_loop: false,
        end: EVERYTHING,
        start: None,
    }];
    let mut written = [0; (TRACKED / 64) as usize];
    let mut found = BTreeSet::new();
    for operator in operators {
        match operator {
            Operator::LocalGet { local_index: local } if *local >= params && !contains(&written, *local) => {
                found.insert(*local);
            }
            Operator::LocalSet { local_index: local } | Operator::LocalTee { local_index: local }
                if *local < TRACKED =>
            {
                written[(local / 64) as usize] |= 1 << (local % 64);
            }
            Operator::Block { .. } => frames.push(Frame {
                is_loop: false,
                end: EVERYTHING,
                start: None,
            }),
            Operator::Loop { .. } => frames.push(Frame {
                is_loop: true,
                end: EVERYTHING,
                start: None,
            }),
            Operator::If { .. } => {
                frames.push(Frame {
                    is_loop: false,
                    end: EVERYTHING,
                    start: Some(written),
                });
            }
            Operator::Else => {
                if let Some(frame) = frames.last_mut() {
                    meet(&mut frame.end, &written);
                    written = frame.start.take().unwrap_or(written);
                }
            }
            Operator::End => {
                if let Some(mut frame) = frames.pop() {
                    meet(&mut frame.end, &written);
                    if let Some(skipped) = frame.start {
                        meet(&mut frame.end, &skipped);
                    }
                    written = frame.end;
                }
            }
            Operator::Br { relative_depth } => {
                branch(&mut frames, *relative_depth, &written);
                written = EVERYTHING;
            }
            Operator::BrIf { relative_depth } => branch(&mut frames, *relative_depth, &written),
            Operator::BrTable { targets } => {
                let depths: BTreeSet<u32> = targets.targets().flatten().chain([targets.default()]).collect();
                depths
                    .into_iter()
                    .for_each(|depth| branch(&mut frames, depth, &written));
                written = EVERYTHING;
            }
            // What follows is dead until the block ends.
            Operator::Return | Operator::Unreachable => written = EVERYTHING,
            _ => {}
        }
    }
    found
}

fn branch(frames: &mut [Frame], depth: u32, written: &Written) {
    let frame = frames
        .len()
        .checked_sub(depth as usize + 1)
        .and_then(|index| frames.get_mut(index));
    if let Some(frame) = frame
        && !frame.is_loop
    {
        meet(&mut frame.end, written);
    }
}

fn meet(into: &mut Written, other: &Written) {
    into.iter_mut()
        .zip(other)
        .for_each(|(into, other)| *into &= other);
}

fn contains(written: &Written, local: u32) -> bool {
    local < TRACKED && written[(local / 64) as usize] & 1 << (local % 64) != 0
}
