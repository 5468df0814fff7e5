//! Removes from a module what does not run.

use anyhow::{Context, Result};
use wasmparser::{Parser, Payload};

/// The module without custom sections: names, debug information, what compiled it. So its digest depends on the program alone.
///
/// # Errors
/// When the bytes are no WebAssembly module.
pub fn strip(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(wasm.len());
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.context("not a WebAssembly module")?;
        match &payload {
            Payload::Version { range, .. } => out.extend_from_slice(part(wasm, range)?),
            Payload::CustomSection(_) => {}
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let bytes = part(wasm, &range)?;
                    out.push(id);
                    push_length(&mut out, bytes.len());
                    out.extend_from_slice(bytes);
                }
            }
        }
    }
    Ok(out)
}

fn part<'a>(wasm: &'a [u8], range: &std::ops::Range<u64>) -> Result<&'a [u8]> {
    wasm.get(range.start as usize..range.end as usize)
        .context("a section ends beyond the module")
}

/// LEB128.
fn push_length(out: &mut Vec<u8>, mut length: usize) {
    loop {
        let low = (length & 0x7f) as u8;
        length >>= 7;
        if length == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}
