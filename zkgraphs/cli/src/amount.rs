//! Amounts of WEFT, as people write them.

use anyhow::{Context, Result, ensure};
use weft_chain::Balance;

/// Digits behind the point: 10^12 plancks are one WEFT.
const DECIMALS: usize = 12;

/// Plancks from an amount of WEFT, such as `1` or `0.25`.
///
/// # Errors
/// When it is no such amount, has more digits than a planck, or is too large.
pub fn parse(text: &str) -> Result<Balance> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    ensure!(
        !whole.is_empty() && digits(whole) && digits(fraction) && fraction.len() <= DECIMALS,
        "{text:?} is no amount of WEFT; write it like 1 or 0.25, with at most {DECIMALS} digits behind the point"
    );
    format!("{whole}{fraction:0<DECIMALS$}")
        .parse()
        .with_context(|| format!("{text} WEFT is too much"))
}

/// An amount in WEFT.
pub fn shown(plancks: Balance) -> String {
    let one = 10u128.pow(DECIMALS as u32);
    let text = format!("{}.{:0DECIMALS$}", plancks / one, plancks % one);
    format!("{} WEFT", text.trim_end_matches('0').trim_end_matches('.'))
}
