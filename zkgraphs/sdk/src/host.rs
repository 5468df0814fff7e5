//! The functions that the host offers: input, output, and precompiles, which change words of memory in place and cost a
//! fraction of what they would as instructions.

#[cfg(target_arch = "wasm32")]
mod imports {
    // What the proved machine offers a module under the name `weft`. All are total but for `input_word` beyond the
    // end, which traps; the precompiles change only the words that they are given, whole and aligned by their type, so no call can
    // break a promise of the language.
    #[allow(unsafe_code)]
    #[link(wasm_import_module = "weft")]
    unsafe extern "C" {
        /// Appends a word to the output.
        pub(crate) safe fn output_word(word: u64);
        /// The word of the input with this index; traps beyond the last.
        pub(crate) safe fn input_word(index: u32) -> u64;
        /// A word that the prover chose; the same whenever it is read.
        #[cfg(feature = "advice")]
        pub(crate) safe fn advice_word(index: u32) -> u64;
        /// Keccak-f[1600] of 25 lanes.
        pub(crate) safe fn keccak_f1600(state: &mut [u64; 25]);
        /// SHA-256's compression: eight u32 of state, then 64 bytes of message.
        pub(crate) safe fn sha256_compress(words: &mut [u64; 12]);
        /// a, b, c, m of four words each become r, q, c, m: a·b + c = q·m + r; m = 0 stands for 2^256.
        pub(crate) safe fn multiply_add_modulo(words: &mut [u64; 16]);
        /// circomlib's permutation of three elements of four words each.
        safe fn poseidon_permute(words: &mut [u64; 12]);
        /// Two points of secp256k1, x and y of four words each; the first becomes the sum, (0, 0) for the point at infinity,
        /// which may itself only be doubled.
        pub(crate) safe fn secp256k1_add(words: &mut [u64; 16]);
    }

    /// circomlib's hash of two elements.
    pub(crate) fn poseidon([a, b]: [[u64; 4]; 2]) -> [u64; 4] {
        let mut words = [0, 0, 0, 0, a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]];
        poseidon_permute(&mut words);
        [words[0], words[1], words[2], words[3]]
    }
}

#[cfg(target_arch = "wasm32")]
pub(crate) use imports::{
    input_word, keccak_f1600, multiply_add_modulo, output_word, poseidon, secp256k1_add, sha256_compress,
};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use {
    native::{keccak_f1600, multiply_add_modulo, poseidon, secp256k1_add, sha256_compress},
    testing::{input_word, output_word},
};

#[cfg(all(target_arch = "wasm32", feature = "advice"))]
pub(crate) use imports::advice_word;
#[cfg(all(not(target_arch = "wasm32"), feature = "advice"))]
pub(crate) use testing::advice_word;

/// The precompiles outside WebAssembly.
#[cfg(all(not(target_arch = "wasm32"), feature = "native"))]
mod native {
    use light_poseidon::{Poseidon, PoseidonHasher};
    use ruint::aliases::{U256, U512};

    pub(crate) fn keccak_f1600(state: &mut [u64; 25]) {
        keccak::f1600(state);
    }

    pub(crate) fn sha256_compress(words: &mut [u64; 12]) {
        let (halves, message) = words.split_at_mut(4);
        let mut state: [u32; 8] = core::array::from_fn(|i| (halves[i / 2] >> (32 * (i % 2))) as u32);
        let message: Vec<u8> = message.iter().flat_map(|word| word.to_le_bytes()).collect();
        let block = sha2::digest::generic_array::GenericArray::from_slice(&message);
        sha2::compress256(&mut state, &[*block]);
        for (word, pair) in halves.iter_mut().zip(state.chunks(2)) {
            *word = u64::from(pair[0]) | u64::from(pair[1]) << 32;
        }
    }

    pub(crate) fn multiply_add_modulo(words: &mut [u64; 16]) {
        let [a, b, c, m] =
            core::array::from_fn(|i| U512::from(U256::from_limbs_slice(&words[4 * i..4 * i + 4])));
        let modulus = if m.is_zero() { U512::from(1) << 256 } else { m };
        let value = a * b + c;
        words[..4].copy_from_slice(&(value % modulus).as_limbs()[..4]);
        words[4..8].copy_from_slice(&(value / modulus).as_limbs()[..4]);
    }

    pub(crate) fn secp256k1_add(words: &mut [u64; 16]) {
        let order = U256::MAX - U256::from((1_u64 << 32) + 976);
        let [x1, y1, x2, y2] =
            core::array::from_fn(|i| U256::from_limbs_slice(&words[4 * i..4 * i + 4]) % order);
        let minus = |a: U256, b: U256| a.add_mod(order - b, order);
        let (run, rise) = if x1 == x2 {
            let square = x1.mul_mod(x1, order);
            (y1.add_mod(y2, order), square.mul_mod(U256::from(3), order))
        } else {
            (minus(x2, x1), minus(y2, y1))
        };
        let [x, y] = run.inv_mod(order).map_or([U256::ZERO; 2], |inverse| {
            let slope = rise.mul_mod(inverse, order);
            let x = minus(minus(slope.mul_mod(slope, order), x1), x2);
            [x, minus(slope.mul_mod(minus(x1, x), order), y1)]
        });
        words[..4].copy_from_slice(x.as_limbs());
        words[4..8].copy_from_slice(y.as_limbs());
    }

    pub(crate) fn poseidon(elements: [[u64; 4]; 2]) -> [u64; 4] {
        use ark_ff::{BigInt, PrimeField};
        let elements = elements.map(|words| {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            ark_bn254::Fr::from_le_bytes_mod_order(&bytes)
        });
        let mut library = Poseidon::<ark_bn254::Fr>::new_circom(2).expect("two inputs are supported");
        let hash = library.hash(&elements).expect("there are two inputs");
        let BigInt(words) = hash.into_bigint();
        words
    }
}

/// Without the libraries that compute them.
#[cfg(all(not(target_arch = "wasm32"), not(feature = "native")))]
mod native {
    fn missing() -> ! {
        panic!(
            "hashes, products and curves need the feature `native` of weft-zkgraph outside WebAssembly: add \
             `weft-zkgraph = {{ path = \"…\", features = [\"native\"] }}` to [dev-dependencies]"
        )
    }

    pub(crate) fn keccak_f1600(_: &mut [u64; 25]) {
        missing()
    }

    pub(crate) fn sha256_compress(_: &mut [u64; 12]) {
        missing()
    }

    pub(crate) fn multiply_add_modulo(_: &mut [u64; 16]) {
        missing()
    }

    pub(crate) fn secp256k1_add(_: &mut [u64; 16]) {
        missing()
    }

    pub(crate) fn poseidon(_: [[u64; 4]; 2]) -> [u64; 4] {
        missing()
    }
}

/// Runs programs natively, for their unit tests.
#[cfg(not(target_arch = "wasm32"))]
pub mod testing {
    use std::cell::RefCell;

    thread_local! {
        static INPUT: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
        static ADVICE: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
        static OUTPUT: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    }

    /// The output stream of a program on an input, both in the encoding of `weft-primitives` (`input`, `output`).
    ///
    /// # Panics
    /// When the program traps.
    pub fn run(input: &[u8], program: fn()) -> Vec<u8> {
        run_advised(input, &[], program)
    }

    /// [`run`] with words of advice; zeros come after them.
    ///
    /// # Panics
    /// When the program traps.
    pub fn run_advised(input: &[u8], advice: &[u64], program: fn()) -> Vec<u8> {
        let words = input.chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        INPUT.replace(words.collect());
        ADVICE.replace(advice.to_vec());
        OUTPUT.take();
        program();
        OUTPUT.take().into_iter().flat_map(u64::to_le_bytes).collect()
    }

    pub(crate) fn input_word(index: u32) -> u64 {
        INPUT
            .with_borrow(|input| input.get(index as usize).copied())
            .expect("a word within the input")
    }

    #[cfg(feature = "advice")]
    pub(crate) fn advice_word(index: u32) -> u64 {
        ADVICE.with_borrow(|advice| advice.get(index as usize).copied().unwrap_or(0))
    }

    pub(crate) fn output_word(word: u64) {
        OUTPUT.with_borrow_mut(|output| output.push(word));
    }
}
