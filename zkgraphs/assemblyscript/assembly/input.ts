// The input of a run, read where it is needed. Its layout is that of primitives/src/input.rs.
//
// The host gives the program only inputs in that layout, so nothing is checked but the version; should a length be wrong
// nevertheless, reading beyond the end traps.

import { inputWord } from "./host";
import { swap, U256 } from "./u256";

/** The version of the layout that is read here. */
const VERSION: u64 = 1;

// Where the next block or log starts, in words, and how many are left.
let next: u32 = 0;
let blocksLeft: u32 = 0;
let logsLeft: u32 = 0;

// Where the block and log that were reached start, and what is known of the log.
let blockStart: u32 = 0;
let logStart: u32 = 0;
let logTopics: u32 = 0;
let logDataLength: u32 = 0;

/** Words that bytes take. */
// @ts-ignore: decorator
@inline
function wordsOf(bytes: u32): u32 {
  return (bytes + 7) >> 3;
}

/** The input, which is gone through from block to block and from log to log. */
export namespace input {
  /** Goes to the beginning. Traps if the input has another layout. */
  export function open(): void {
    if (inputWord(0) != VERSION) unreachable();
    next = 2 + wordsOf(<u32>inputWord(1));
    blocksLeft = <u32>inputWord(next++);
  }

  /** Goes to the next block, if there is one: one for each source of the manifest, in its order. */
  export function nextBlock(): bool {
    while (nextLog()) {}
    if (blocksLeft == 0) return false;
    blocksLeft--;
    blockStart = next;
    logsLeft = <u32>inputWord(next + 7);
    next += 8;
    return true;
  }

  /** Goes to the next log of the block, if there is one. */
  export function nextLog(): bool {
    if (logsLeft == 0) return false;
    logsLeft--;
    let start = next;
    let topics = <u32>inputWord(start + 5);
    let length = start + 6 + 4 * topics;
    let bytes = <u32>inputWord(length);
    logStart = start;
    logTopics = topics;
    logDataLength = bytes;
    next = length + 1 + wordsOf(bytes);
    return true;
  }
}

/** The state that the run before left; empty before the first run. */
export namespace state {
  /** Its length, in bytes. */
  export function length(): u32 {
    return <u32>inputWord(1);
  }

  /** Reads the number in the 32 bytes with this index. Traps if the state ends before them. */
  export function readU256(index: u32, into: U256): void {
    if (length() / 32 <= index) unreachable();
    into.read(2 + 4 * index);
  }
}

/** The block that `input.nextBlock` reached. */
export namespace block {
  /** EIP-155 id of its chain. */
  export function chainId(): u64 {
    return inputWord(blockStart);
  }

  /** Its number. */
  export function number(): u64 {
    return inputWord(blockStart + 1);
  }

  /** Reads its hash as a number. */
  export function readHash(into: U256): void {
    into.read(blockStart + 2);
  }

  /** Its time, in seconds since 1970. */
  export function timestamp(): u64 {
    return inputWord(blockStart + 6);
  }
}

/** The log that `input.nextLog` reached. */
export namespace log {
  /** Reads the contract that emitted it as a number of 160 bits. */
  export function readAddress(into: U256): void {
    let high = swap(inputWord(logStart));
    let middle = swap(inputWord(logStart + 1));
    into.d = 0;
    into.c = high >> 32;
    into.b = (high << 32) | (middle >> 32);
    into.a = (middle << 32) | (swap(inputWord(logStart + 2)) >> 32);
  }

  /** Index of its transaction in the block. */
  export function transactionIndex(): u64 {
    return inputWord(logStart + 3);
  }

  /** Index of the log in its transaction. (`eth_getLogs` counts in the block.) */
  export function logIndex(): u64 {
    return inputWord(logStart + 4);
  }

  /** How many topics it has. */
  export function topicCount(): u32 {
    return logTopics;
  }

  /** Length of what is not indexed, in bytes. */
  export function dataLength(): u32 {
    return logDataLength;
  }

  /** Reads a topic as a number; an address is the lower 160 bits. Traps if there is none with this index. */
  export function readTopic(index: u32, into: U256): void {
    if (index >= logTopics) unreachable();
    into.read(logStart + 6 + 4 * index);
  }

  /** Reads the ABI word of the data with this index. Traps if the data ends before it does. */
  export function readData(index: u32, into: U256): void {
    if (logDataLength / 32 <= index) unreachable();
    into.read(logStart + 7 + 4 * (logTopics + index));
  }
}
