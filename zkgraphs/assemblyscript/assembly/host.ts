// The functions that the host offers: input, output, and precompiles, which change words of memory in place. Their addresses must be
// multiples of 8.

/** Length of the input, in bytes. */
// @ts-ignore: decorator
@external("weft", "input_len")
export declare function inputLength(): u32;

/** The word of the input with this index, little-endian; traps beyond the last. */
// @ts-ignore: decorator
@external("weft", "input_word")
export declare function inputWord(index: u32): u64;

/** A word that the prover chose, the same whenever it is read: whoever reads it makes sure of it himself, or traps. */
// @ts-ignore: decorator
@external("weft", "advice_word")
export declare function adviceWord(index: u32): u64;

/** Appends a word to the output, little-endian. */
// @ts-ignore: decorator
@external("weft", "output_word")
export declare function outputWord(word: u64): void;

/** Keccak-f[1600] of the 25 words at this address. */
// @ts-ignore: decorator
@external("weft", "keccak_f1600")
export declare function keccakF1600(address: usize): void;

/** SHA-256's compression at this address: eight u32 of state, then 64 bytes of message. */
// @ts-ignore: decorator
@external("weft", "sha256_compress")
export declare function sha256Compress(address: usize): void;

/** a, b, c, m of four words each at this address become r, q, c, m: a·b + c = q·m + r; m = 0 stands for 2^256. */
// @ts-ignore: decorator
@external("weft", "multiply_add_modulo")
export declare function multiplyAddModulo(address: usize): void;

/** circomlib's Poseidon permutation of three elements of four words each at this address. */
// @ts-ignore: decorator
@external("weft", "poseidon_permute")
export declare function poseidonPermute(address: usize): void;

/**
 * Two points of secp256k1 at this address, x and y of four words each: the first becomes the sum, zeros for the point at
 * infinity, which may itself only be doubled.
 */
// @ts-ignore: decorator
@external("weft", "secp256k1_add")
export declare function secp256k1Add(address: usize): void;
