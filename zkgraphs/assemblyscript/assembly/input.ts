// The input of a run, read where it is needed. Its layout is that of primitives/src/input.rs.
//
// The host gives the program only inputs in that layout, so nothing is checked but the version; should a length be wrong
// nevertheless, reading beyond the end traps.

import { inputWord } from "./host";
import { swap, U256 } from "./u256";

/** The version of the layout that is read here. */
const VERSION: u64 = 2;

// Where the next item and the next source start, in words, and how many are left.
let next: u32 = 0;
let followingSource: u32 = 0;
let sourcesLeft: u32 = 0;
let itemsLeft: u32 = 0;
let logsLeft: u32 = 0;

// Where what was reached starts, and what is known of the log.
let sourceStart: u32 = 0;
let itemStart: u32 = 0;
let logStart: u32 = 0;
let logTopics: u32 = 0;
let logDataLength: u32 = 0;

/** Words that bytes take. */
// @ts-ignore: decorator
@inline
function wordsOf(bytes: u32): u32 {
  return (bytes + 7) >> 3;
}

/** Reads the address at a word as a number of 160 bits. */
function readAddressAt(start: u32, into: U256): void {
  let high = swap(inputWord(start));
  let middle = swap(inputWord(start + 1));
  into.d = 0;
  into.c = high >> 32;
  into.b = (high << 32) | (middle >> 32);
  into.a = (middle << 32) | (swap(inputWord(start + 2)) >> 32);
}

/** The input, which is gone through from source to source, and from item to item. */
export namespace input {
  /** Goes to the beginning. Traps if the input has another layout. */
  export function open(): void {
    if (inputWord(0) != VERSION) unreachable();
    followingSource = 2 + wordsOf(<u32>inputWord(1));
    sourcesLeft = <u32>inputWord(followingSource++);
    itemsLeft = 0;
    logsLeft = 0;
  }

  /** Goes to the next source, past what was not read of this one. One for each of the manifest, in its order. */
  export function nextSource(): bool {
    if (sourcesLeft == 0) return false;
    sourcesLeft--;
    sourceStart = followingSource;
    next = sourceStart + 11;
    followingSource = sourceStart + 2 + <u32>inputWord(sourceStart + 1);
    itemsLeft = <u32>inputWord(sourceStart + 10);
    logsLeft = 0;
    return true;
  }

  /** Goes to the next block with events, of a source that reads events. */
  export function nextBlock(): bool {
    while (nextLog()) {}
    if (itemsLeft == 0) return false;
    itemsLeft--;
    itemStart = next;
    logsLeft = <u32>inputWord(next + 2);
    next += 3;
    return true;
  }

  /** Goes to the next account, of a source that reads storage. */
  export function nextAccount(): bool {
    if (itemsLeft == 0) return false;
    itemsLeft--;
    itemStart = next;
    next += 13 + 8 * <u32>inputWord(next + 12);
    return true;
  }

  /** Goes to the next transaction, of a source that reads transactions. */
  export function nextTransaction(): bool {
    if (itemsLeft == 0) return false;
    itemsLeft--;
    itemStart = next;
    next += 19 + wordsOf(<u32>inputWord(next + 18));
    return true;
  }

  /** Goes to the next header, of a source that reads headers. */
  export function nextHeader(): bool {
    if (itemsLeft == 0) return false;
    itemsLeft--;
    itemStart = next;
    next += 14;
    return true;
  }

  /** Goes to the next field, of a source that reads the beacon chain. */
  export function nextField(): bool {
    if (itemsLeft == 0) return false;
    itemsLeft--;
    itemStart = next;
    next += 5;
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

/** The source that `input.nextSource` reached. */
export namespace source {
  /** 1: events, 2: events of transactions, 3: storage, 4: transactions, 5: state of another zkGraph, 6: beacon chain, 7: headers. */
  export function kind(): u64 {
    return inputWord(sourceStart);
  }

  /** EIP-155 id of the chain that is read; 0 for a zkGraph's state. */
  export function chainId(): u64 {
    return inputWord(sourceStart + 2);
  }

  /** Number of the first block. */
  export function firstBlock(): u64 {
    return inputWord(sourceStart + 3);
  }

  /** Number of the last block. */
  export function lastBlock(): u64 {
    return inputWord(sourceStart + 4);
  }

  /** Reads the hash of the last block as a number; for a zkGraph's state its id. */
  export function readHash(into: U256): void {
    into.read(sourceStart + 5);
  }

  /** Time of the last block, in seconds since 1970. */
  export function timestamp(): u64 {
    return inputWord(sourceStart + 9);
  }

  /** Length of the other zkGraph's state, in bytes. Traps if this is another kind of source. */
  export function stateLength(): u32 {
    if (kind() != 5) unreachable();
    return <u32>inputWord(sourceStart + 11);
  }

  /** Reads the number in the 32 bytes of the other zkGraph's state with this index. Traps if it ends before them. */
  export function readState(index: u32, into: U256): void {
    if (stateLength() / 32 <= index) unreachable();
    into.read(sourceStart + 12 + 4 * index);
  }
}

/** The block that `input.nextBlock` reached. */
export namespace block {
  /** Its number. */
  export function number(): u64 {
    return inputWord(itemStart);
  }

  /** Its time, in seconds since 1970. */
  export function timestamp(): u64 {
    return inputWord(itemStart + 1);
  }
}

/** The account that `input.nextAccount` reached. */
export namespace account {
  /** Reads its address as a number of 160 bits. */
  export function readAddress(into: U256): void {
    readAddressAt(itemStart, into);
  }

  /** Transactions that it sent, or contracts that it made. */
  export function nonce(): u64 {
    return inputWord(itemStart + 3);
  }

  /** Reads its balance, in wei. */
  export function readBalance(into: U256): void {
    into.read(itemStart + 4);
  }

  /** Reads keccak256 of its code as a number; zero if there is no such account. */
  export function readCodeHash(into: U256): void {
    into.read(itemStart + 8);
  }

  /** How many of its slots are read. */
  export function slotCount(): u32 {
    return <u32>inputWord(itemStart + 12);
  }

  /** Reads what one of its slots holds, in the order of the manifest. Traps if there is none with this index. */
  export function readSlot(index: u32, into: U256): void {
    if (index >= slotCount()) unreachable();
    into.read(itemStart + 17 + 8 * index);
  }
}

/** The transaction that `input.nextTransaction` reached. */
export namespace transaction {
  /** Its index in the block. */
  export function index(): u64 {
    return inputWord(itemStart);
  }

  /** Reads its hash as a number. */
  export function readHash(into: U256): void {
    into.read(itemStart + 1);
  }

  /** Reads who signed it, as a number of 160 bits. */
  export function readSender(into: U256): void {
    readAddressAt(itemStart + 5, into);
  }

  /** Whether it creates a contract. */
  export function isCreation(): bool {
    return inputWord(itemStart + 8) == 0;
  }

  /** Reads whom it calls, as a number of 160 bits; zero if it creates a contract. */
  export function readTo(into: U256): void {
    readAddressAt(itemStart + 9, into);
  }

  /** Its number among those of the sender. */
  export function nonce(): u64 {
    return inputWord(itemStart + 12);
  }

  /** Reads its value, in wei. */
  export function readValue(into: U256): void {
    into.read(itemStart + 13);
  }

  /** Most gas that it may use. */
  export function gasLimit(): u64 {
    return inputWord(itemStart + 17);
  }

  /** Length of its data, in bytes. */
  export function dataLength(): u32 {
    return <u32>inputWord(itemStart + 18);
  }

  /** The eight bytes of its data with this index, little-endian, padded with zeros. Traps beyond the end. */
  export function dataWord(index: u32): u64 {
    if (wordsOf(dataLength()) <= index) unreachable();
    return inputWord(itemStart + 19 + index);
  }
}

/** The header that `input.nextHeader` reached, of a block that may have events. What is under its roots the program proves by `adviceWord`. */
export namespace header {
  /** Number of the block. */
  export function number(): u64 {
    return inputWord(itemStart);
  }

  /** Its time, in seconds since 1970. */
  export function timestamp(): u64 {
    return inputWord(itemStart + 1);
  }

  /** Reads the root of the state after the block as a number. */
  export function readStateRoot(into: U256): void {
    into.read(itemStart + 2);
  }

  /** Reads the root of the trie of its transactions as a number. */
  export function readTransactionsRoot(into: U256): void {
    into.read(itemStart + 6);
  }

  /** Reads the root of the trie of its receipts as a number. */
  export function readReceiptsRoot(into: U256): void {
    into.read(itemStart + 10);
  }
}

/** The field of the beacon chain that `input.nextField` reached. */
export namespace field {
  /** Its generalized index. */
  export function index(): u64 {
    return inputWord(itemStart);
  }

  /** Reads its node as a number: of a field of up to 32 bytes the field, of others their root. */
  export function readNode(into: U256): void {
    into.read(itemStart + 1);
  }

  /**
   * A number of 64 bits in it, as the beacon chain has them: with place 0 that of a field which is a number, with others its neighbours in a
   * list of such numbers. Traps if `place` is above 3.
   */
  export function integer(place: u32): u64 {
    if (place > 3) unreachable();
    return inputWord(itemStart + 1 + place);
  }
}

/** The log that `input.nextLog` reached. */
export namespace log {
  /** Reads the contract that emitted it as a number of 160 bits. */
  export function readAddress(into: U256): void {
    readAddressAt(logStart, into);
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
