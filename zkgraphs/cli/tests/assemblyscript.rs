//! What the AssemblyScript SDK computes.
//!
//! Needs the npm packages of the example in AssemblyScript, which `scripts/setup` installs.

mod support;

use support::{compiled, word};
use weft_cli::execute::{End, MAX_STEPS, execute};
use weft_primitives::input::Input;

/// Adds and compares the two numbers in the state.
const CALCULATOR: &str = r#"
import { beginOutput, input, state, U256 } from "weft-zkgraph/assembly";

export function run(): void {
  let a = new U256();
  let b = new U256();
  let above = new U256();
  input.open();
  state.readU256(0, a);
  state.readU256(1, b);
  above.a = a.isAbove(b) ? 1 : 0;
  a.add(b);
  beginOutput(32, 32);
  a.write();
  above.write();
}
"#;

/// Hashes as many bytes as the first number in the state says, and multiplies and divides the next three.
const HASHER: &str = r#"
import { beginOutput, input, keccak256, poseidon, sha256, state, U256 } from "weft-zkgraph/assembly";

const bytes = memory.data(256, 8);

export function run(): void {
  let length = new U256();
  let a = new U256();
  let b = new U256();
  let m = new U256();
  let result = new U256();
  input.open();
  state.readU256(0, length);
  state.readU256(1, a);
  state.readU256(2, b);
  state.readU256(3, m);
  for (let i: usize = 0; i < 256; i++) store<u8>(bytes + i, <u8>(i * 7 + 3));
  beginOutput(0, 8 * 32);
  keccak256(bytes, <usize>length.a, result);
  result.write();
  sha256(bytes, <usize>length.a, result);
  result.write();
  poseidon(a, b, result);
  result.write();
  result.set(a);
  result.mulMod(b, m);
  result.write();
  result.set(a);
  result.div(m);
  result.write();
  result.set(a);
  result.rem(m);
  result.write();
  m.a = 1;
  m.b = 1;
  m.c = 0;
  m.d = 0;
  m.mul(m);
  m.write();
  a.mul(b);
  a.write();
}
"#;

/// The signer of the four numbers in the state: hash, r, s, and whether y is odd; and two powers.
const RECOVERER: &str = r#"
import { beginOutput, input, recover, state, U256 } from "weft-zkgraph/assembly";

export function run(): void {
  let hash = new U256();
  let r = new U256();
  let s = new U256();
  let odd = new U256();
  let signer = new U256();
  input.open();
  state.readU256(0, hash);
  state.readU256(1, r);
  state.readU256(2, s);
  state.readU256(3, odd);
  beginOutput(0, 3 * 32);
  let found = recover(hash, r, s, <bool>odd.a, signer);
  if (!found) signer.a = signer.b = signer.c = signer.d = 0;
  signer.write();
  signer.set(r);
  signer.addMod(s, hash);
  signer.write();
  r.powMod(s, hash);
  r.write();
}
"#;

fn number(value: u64) -> [u8; 32] {
    word([0, 0, 0, value])
}

#[test]
fn sums_carry_and_comparisons_start_at_the_top() {
    let wasm = compiled(CALCULATOR);
    const M: u64 = u64::MAX;
    let numbers = [
        [0, 0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 0, M],
        [0, 0, M, M],
        [0, M, M, M],
        [M, M, M, M],
        [1, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 1, 0, M],
        [M, 0, M, 0],
    ];
    for a in numbers {
        for b in numbers {
            let input = Input {
                prior_state: [word(a), word(b)].concat(),
                sources: vec![],
            };
            let end = execute(&wasm, &input.encode(), MAX_STEPS).expect("it ends").end;
            // In limbs of 64 bits, the highest first, so that arrays compare as numbers do.
            let mut sum = [0; 4];
            let mut carry = 0;
            for i in (0..4).rev() {
                let limb = u128::from(a[i]) + u128::from(b[i]) + carry;
                (sum[i], carry) = (limb as u64, limb >> 64);
            }
            match end {
                End::Returned(output) => {
                    assert_eq!(carry, 0, "{a:?} + {b:?} does not fit");
                    assert_eq!(output.next_state, word(sum), "{a:?} + {b:?}");
                    assert_eq!(output.payload, number((a > b).into()), "{a:?} > {b:?}");
                }
                End::Trapped(_) => assert_eq!(carry, 1, "{a:?} + {b:?} fits"),
            }
        }
    }
}

#[test]
fn hashes_and_products_are_those_of_the_rust_sdk() {
    use weft_zkgraph::{U256, keccak256, poseidon, sha256};
    let wasm = compiled(HASHER);
    let bytes: Vec<u8> = (0..256u32).map(|i| (i * 7 + 3) as u8).collect();
    let limbs = |number: [u64; 4]| U256::from_limbs([number[3], number[2], number[1], number[0]]);
    let shown = |number: U256| {
        let [a, b, c, d] = number.limbs();
        word([d, c, b, a])
    };
    const M: u64 = u64::MAX;
    let numbers = [
        ([0, 0, M, 5], [0, 0, 0, 9], [0, 0, 1, 7]),
        ([0, 0, 3, M], [0, 0, M, 2], [M, 1, 2, 3]),
    ];
    for length in [0, 1, 7, 8, 55, 56, 63, 64, 120, 135, 136, 137, 200, 256] {
        for (a, b, m) in numbers {
            let input = Input {
                prior_state: [number(length as u64), word(a), word(b), word(m)].concat(),
                sources: vec![],
            };
            let end = execute(&wasm, &input.encode(), MAX_STEPS).expect("it ends").end;
            let End::Returned(output) = end else {
                panic!("it returns: {end:?}")
            };
            let (a, b, m) = (limbs(a), limbs(b), limbs(m));
            let (quotient, remainder) = a.div_rem(m).expect("m is not 0");
            let expected = [
                shown(keccak256(&bytes[..length]).to_u256()),
                shown(sha256(&bytes[..length]).to_u256()),
                shown(poseidon(a, b)),
                shown(a.mul_mod(b, m).expect("m is not 0")),
                shown(quotient),
                shown(remainder),
                word([0, 1, 2, 1]),
                shown(a * b),
            ];
            assert_eq!(output.payload, expected.concat(), "{length} bytes");
        }
    }
    let overflow = Input {
        prior_state: [number(0), word([M; 4]), word([M; 4]), word([0, 0, 0, 1])].concat(),
        sources: vec![],
    };
    let end = execute(&wasm, &overflow.encode(), MAX_STEPS)
        .expect("it ends")
        .end;
    assert!(matches!(end, End::Trapped(_)), "a product that does not fit");
}

#[test]
fn signers_and_powers_are_those_of_the_rust_sdk() {
    use weft_zkgraph::{
        Bytes32, U256,
        secp256k1::{ORDER, Point, Signature},
    };
    let wasm = compiled(RECOVERER);
    let g = Point::GENERATOR;
    let shown = |number: U256| {
        let [a, b, c, d] = number.limbs();
        word([d, c, b, a])
    };
    let hash = U256::from_limbs([1, 2, 3, u64::MAX]);
    let cases = [
        (hash, g.x(), U256::from(77), false, true),
        (hash, g.x(), ORDER - U256::from(77), true, true),
        // The key would be infinity; no point has this x; numbers that are too large.
        (U256::from(77), g.x(), U256::from(77), false, false),
        (hash, U256::from(5), U256::from(1), false, false),
        (hash, ORDER, U256::from(1), false, false),
        (hash, U256::from(1), U256::MAX, false, false),
        (U256::from(1), U256::from(1), U256::from(3), true, true),
    ];
    for (hash, r, s, odd, found) in cases {
        let input = Input {
            prior_state: [shown(hash), shown(r), shown(s), number(odd.into())].concat(),
            sources: vec![],
        };
        let end = execute(&wasm, &input.encode(), MAX_STEPS).expect("it ends").end;
        let End::Returned(output) = end else {
            panic!("it returns: {end:?}")
        };
        let key = Signature { r, s, odd }.recover(Bytes32::from(hash));
        assert_eq!(key.is_some(), found);
        let signer = key.map_or(U256::ZERO, |key| key.address().to_bytes32().to_u256());
        let numbers = [
            signer,
            r.add_mod(s, hash).expect("not 0"),
            r.pow_mod(s, hash).expect("not 0"),
        ];
        assert_eq!(output.payload, numbers.map(shown).concat());
    }
}
