// The three functions that the host offers.

/** Length of the input, in bytes. */
// @ts-ignore: decorator
@external("weft", "input_len")
export declare function inputLength(): u32;

/** The word of the input with this index, little-endian; traps beyond the last. */
// @ts-ignore: decorator
@external("weft", "input_word")
export declare function inputWord(index: u32): u64;

/** Appends a word to the output, little-endian. */
// @ts-ignore: decorator
@external("weft", "output_word")
export declare function outputWord(word: u64): void;
