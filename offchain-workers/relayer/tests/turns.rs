//! Whose turn it is.

use std::time::{Duration, Instant};

use alloy_primitives::Address;
use weft_relayer::turns::{Turns, Work};

const LONGEST: Duration = Duration::from_secs(60);

fn turns(account: u8) -> Turns {
    Turns::new(Address::repeat_byte(account), LONGEST)
}

#[test]
fn the_first_of_several_relayers_is_another_each_time_and_mostly_by_far() {
    let relayers = [1, 2, 3].map(turns);
    let mut first = [0; 3];
    let mut close = 0;
    for nonce in 0..300 {
        let waits = relayers.each_ref().map(|turns| turns.wait(Work::Message(nonce)));
        let mut sorted = waits;
        sorted.sort();
        close += usize::from(sorted[1] - sorted[0] < Duration::from_secs(2));
        let winner = waits.iter().position(|wait| *wait == sorted[0]).unwrap();
        first[winner] += 1;
        assert!(sorted[2] <= LONGEST);
    }
    assert!(first.iter().all(|count| *count > 60), "{first:?}");
    assert!(close < 60, "{close} of 300 within two seconds");
}

#[test]
fn a_turn_comes_when_the_wait_is_over_and_the_wait_begins_when_the_work_is_seen() {
    let mut relayer = turns(1);
    let start = Instant::now();
    let work = Work::Handover(7);
    let wait = relayer.wait(work);
    assert!(wait > Duration::from_secs(1));
    let seen = start + Duration::from_secs(1_000);
    assert!(!relayer.has_come(work, seen));
    assert!(!relayer.has_come(work, seen + wait - Duration::from_millis(1)));
    assert!(relayer.has_come(work, seen + wait));
    assert_ne!(wait, relayer.wait(Work::Message(7)));
}

#[test]
fn who_waits_for_nobody_has_every_turn_at_once() {
    let mut alone = Turns::new(Address::repeat_byte(1), Duration::ZERO);
    assert!(alone.has_come(Work::Message(1), Instant::now()));
}
