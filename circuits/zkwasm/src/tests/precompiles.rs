//! Precompiles: what they compute, and attempts to make them compute something else.

use light_poseidon::{Poseidon, PoseidonBytesHasher};
use ruint::aliases::{U256, U512};

use super::faults::check;
use crate::{
    Precompile,
    machine::{Effect, Trace, execute, execute_with},
    precompiles::SECP256K1_ORDER,
    program::Program,
    translate::translate,
};

/// A program that calls a precompile once, on the words of its input, and outputs what it left.
pub(super) fn program(precompile: Precompile) -> Program {
    let (name, words) = (precompile.name(), precompile.words());
    let text = format!(
        r#"(module
          (import "weft" "input_word" (func $word (param i32) (result i64)))
          (import "weft" "output_word" (func $out (param i64)))
          (import "weft" "{name}" (func $call (param i32)))
          (memory 1)
          (func (export "run") (local $i i32)
            (loop $read
              (i64.store (i32.add (i32.const 64) (i32.shl (local.get $i) (i32.const 3))) (call $word (local.get $i)))
              (br_if $read (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {words}))))
            (call $call (i32.const 64))
            (local.set $i (i32.const 0))
            (loop $write
              (call $out (i64.load (i32.add (i32.const 64) (i32.shl (local.get $i) (i32.const 3)))))
              (br_if $write (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {words}))))))"#
    );
    let wasm = wat::parse_str(text).expect("the text is valid");
    translate(&wasm).expect("the module is supported")
}

fn bytes(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Runs a call, sees that every constraint holds, and gives what it left.
fn run(precompile: Precompile, words: &[u64]) -> Vec<u64> {
    let program = program(precompile);
    let input = bytes(words);
    let trace = execute(&program, &input, 1 << 16).expect("the program ends");
    assert_eq!((trace.outcome, trace.calls.len()), (0, 1));
    check(&program, &input, &trace).expect("an honest call satisfies every constraint");
    trace.output
}

/// Words that differ in every bit position, from a seed.
pub(super) fn words(precompile: Precompile, seed: u64) -> Vec<u64> {
    let mut state = seed;
    let next = || {
        state = state
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        state ^ state >> 29
    };
    std::iter::repeat_with(next).take(precompile.words()).collect()
}

#[test]
fn keccak_of_the_empty_string_is_the_one_everybody_knows() {
    let mut state = [0; 25];
    (state[0], state[16]) = (1, 1 << 63);
    let digest = bytes(&run(Precompile::Keccak, &state)[..4]);
    assert_eq!(digest, weft_folding::keccak256(b""));
}

#[test]
fn keccak_permutes_zeros_ones_and_anything() {
    for state in [vec![0; 25], vec![u64::MAX; 25], words(Precompile::Keccak, 7)] {
        let mut expected: [u64; 25] = state.clone().try_into().expect("25 lanes");
        keccak::f1600(&mut expected);
        assert_eq!(run(Precompile::Keccak, &state), expected);
    }
}

#[test]
fn sha256_of_abc_is_the_standards() {
    let start: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    let mut memory: Vec<u8> = start.iter().flat_map(|word| word.to_le_bytes()).collect();
    memory.extend_from_slice(b"abc\x80");
    memory.resize(32 + 63, 0);
    memory.push(24);
    let (found, _) = memory.as_chunks();
    let found: Vec<u64> = found.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let left = run(Precompile::Sha256, &found);
    let digest: Vec<u8> = left[..4]
        .iter()
        .flat_map(|word| [*word as u32, (word >> 32) as u32])
        .flat_map(u32::to_be_bytes)
        .collect();
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, expected);
    assert_eq!(left[4..], found[4..]);
}

#[test]
fn sha256_compresses_zeros_ones_and_anything() {
    for found in [vec![0; 12], vec![u64::MAX; 12], words(Precompile::Sha256, 3)] {
        let left = run(Precompile::Sha256, &found);
        assert_eq!(left[4..], found[4..]);
        assert_ne!(left[..4], found[..4]);
    }
}

fn multiply(a: U256, b: U256, c: U256, m: U256) {
    let found: Vec<u64> = [a, b, c, m]
        .iter()
        .flat_map(|number| *number.as_limbs())
        .collect();
    let left = run(Precompile::Multiply, &found);
    let number = |i: usize| U256::from_limbs_slice(&left[4 * i..4 * i + 4]);
    assert_eq!((number(2), number(3)), (c, m));
    let modulus = if m.is_zero() {
        U512::from(1) << 256
    } else {
        U512::from(m)
    };
    let value = U512::from(a) * U512::from(b) + U512::from(c);
    let (q, r) = (value / modulus, value % modulus);
    assert_eq!(U512::from(number(0)), r);
    assert_eq!(U512::from(number(1)), q % (U512::from(1) << 256));
}

#[test]
fn multiply_is_right_at_every_edge() {
    let edges = [
        U256::ZERO,
        U256::from(1),
        U256::from(u64::MAX),
        U256::from(1) << 128,
        U256::MAX - U256::from(1),
        U256::MAX,
    ];
    for a in edges {
        for m in edges {
            multiply(a, U256::MAX, a, m);
            multiply(a, a, U256::MAX, m);
        }
    }
    for seed in 0..8 {
        let random = words(Precompile::Multiply, seed);
        let number = |i: usize| U256::from_limbs_slice(&random[4 * i..4 * i + 4]);
        multiply(number(0), number(1), number(2), number(3));
        multiply(number(0), number(1), number(2), number(3) >> (30 * seed as usize));
    }
}

#[test]
fn poseidon_is_circomlibs() {
    let inputs = [[7u8; 32], [9; 32]].map(|mut input| {
        input[31] = 1; // Below the field's order; little-endian.
        input
    });
    let mut library = Poseidon::<ark_bn254::Fr>::new_circom(2).expect("two inputs");
    let expected = library
        .hash_bytes_le(&[&inputs[0], &inputs[1]])
        .expect("canonical inputs");
    let mut found = vec![0; 4];
    for input in inputs {
        let (words, _) = input.as_chunks();
        found.extend(words.iter().map(|word| u64::from_le_bytes(*word)));
    }
    assert_eq!(bytes(&run(Precompile::Poseidon, &found)[..4]), expected);
}

#[test]
fn poseidon_takes_what_it_finds_modulo_the_fields_order() {
    run(Precompile::Poseidon, &[0; 12]);
    run(Precompile::Poseidon, &[u64::MAX; 12]);
    // The order itself is 0.
    let order = [
        0x43e1_f593_f000_0001,
        0x2833_e848_79b9_7091,
        0xb850_45b6_8181_585d,
        0x3064_4e72_e131_a029,
    ];
    let found: Vec<u64> = order.into_iter().cycle().take(12).collect();
    assert_eq!(
        run(Precompile::Poseidon, &found),
        run(Precompile::Poseidon, &[0; 12])
    );
}

/// The sum of two points, with every constraint seen to hold.
fn add(points: [U256; 4]) -> [U256; 2] {
    let found: Vec<u64> = points.iter().flat_map(|number| *number.as_limbs()).collect();
    let left = run(Precompile::Secp256k1Add, &found);
    assert_eq!(left[8..], found[8..], "the second point stays");
    [0, 4].map(|i| U256::from_limbs_slice(&left[i..i + 4]))
}

/// The coordinates of a multiple of secp256k1's generator, from another library.
fn multiple(scalar: u64) -> [U256; 2] {
    use k256::{ProjectivePoint, Scalar, elliptic_curve::sec1::ToEncodedPoint};
    let point = (ProjectivePoint::GENERATOR * Scalar::from(scalar)).to_affine();
    let encoded = point.to_encoded_point(false);
    [encoded.x(), encoded.y()].map(|coordinate| {
        U256::from_be_slice(coordinate.expect("a multiple of the generator that is not infinity"))
    })
}

#[test]
fn points_are_added_and_doubled_as_another_library_adds_them() {
    for (a, b) in [(1, 1), (1, 2), (2, 1), (77, 77), (1 << 63, 3), (1 << 62, 1 << 62)] {
        let ([x1, y1], [x2, y2]) = (multiple(a), multiple(b));
        assert_eq!(add([x1, y1, x2, y2]), multiple(a + b));
    }
}

#[test]
fn a_point_and_its_negative_make_infinity_and_that_doubled_is_infinity() {
    let [x, y] = multiple(12345);
    let infinity = [U256::ZERO; 2];
    assert_eq!(add([x, y, x, SECP256K1_ORDER - y]), infinity);
    assert_eq!(add([U256::ZERO; 4]), infinity);
}

#[test]
fn coordinates_are_taken_modulo_the_order_at_every_edge() {
    let order = SECP256K1_ORDER;
    let edges = [
        U256::ZERO,
        U256::from(1),
        U256::from(1) << 128,
        (U256::from(1) << 128) - U256::from(1),
        order - U256::from(1),
        order,
        order + U256::from(1),
        U256::MAX,
    ];
    let program = program(Precompile::Secp256k1Add);
    for x1 in edges {
        for y1 in edges {
            for x2 in edges {
                for y2 in edges {
                    let points = [x1, y1, x2, y2];
                    let input: Vec<u64> = points.iter().flat_map(|number| *number.as_limbs()).collect();
                    let mut canonical: [u64; 16] =
                        std::array::from_fn(|i| (points[i / 4] % order).as_limbs()[i % 4]);
                    let trace = execute(&program, &bytes(&input), 1 << 16).expect("the program ends");
                    Precompile::Secp256k1Add.apply(&mut canonical);
                    assert_eq!(trace.output[..8], canonical[..8], "{points:?}");
                    let call = &trace.calls[0];
                    assert!(super::tampering::holds(call), "{points:?}");
                }
            }
        }
    }
}

/// A call's trace, with one word that it finds or leaves changed.
fn lie(precompile: Precompile, effect: Effect, word: usize, change: u64) -> (Program, Vec<u8>, Trace) {
    let program = program(precompile);
    let input = bytes(&words(precompile, 5));
    let honest = execute(&program, &input, 1 << 16).expect("the program ends");
    let step = honest.calls[0].clock as usize / 8 - 1;
    let mut seen = 0;
    let trace = execute_with(&program, &input, None, 1 << 16, &mut |at, what, value| {
        if at != step || what != effect {
            return value;
        }
        seen += 1;
        if seen == word + 1 { value ^ change } else { value }
    });
    (
        program,
        input,
        trace.expect("a lie about a word ends nowhere else"),
    )
}

#[test]
fn no_word_that_a_call_finds_or_leaves_can_be_another() {
    for precompile in Precompile::ALL {
        for effect in [Effect::Word, Effect::Stored] {
            for word in 0..precompile.words() {
                let change = [1, 1 << 63, 1 << 32, 0xffff][word % 4];
                let (program, input, trace) = lie(precompile, effect, word, change);
                assert!(
                    check(&program, &input, &trace).is_err(),
                    "{}: {effect:?} of word {word}",
                    precompile.name()
                );
            }
        }
    }
}

#[test]
fn no_call_can_be_left_out_or_made_up_or_be_another() {
    for precompile in Precompile::ALL {
        let program = program(precompile);
        let input = bytes(&words(precompile, 11));
        let honest = execute(&program, &input, 1 << 16).expect("the program ends");
        let refused = |change: &dyn Fn(&mut Trace)| {
            let mut trace = honest.clone();
            change(&mut trace);
            assert!(check(&program, &input, &trace).is_err(), "{}", precompile.name());
        };
        refused(&|trace| trace.calls.clear());
        refused(&|trace| trace.calls.push(trace.calls[0].clone()));
        refused(&|trace| trace.calls[0].clock += 8);
        refused(&|trace| trace.calls[0].words.iter_mut().for_each(|word| word.key += 1));
        refused(&|trace| trace.calls[0].words[0].last += 1);
        refused(&|trace| {
            let call = &mut trace.calls[0];
            call.precompile = match call.precompile {
                Precompile::Sha256 => Precompile::Poseidon,
                Precompile::Poseidon => Precompile::Sha256,
                Precompile::Multiply => Precompile::Secp256k1Add,
                Precompile::Secp256k1Add => Precompile::Multiply,
                other => other,
            };
            let mut left: Vec<u64> = call.words.iter().map(|word| word.before).collect();
            call.precompile.apply(&mut left);
            left[0] ^= u64::from(call.precompile == precompile);
            call.words
                .iter_mut()
                .zip(left)
                .for_each(|(word, left)| word.after = left);
        });
    }
}
