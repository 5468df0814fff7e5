/**
 * The blocks and states in memory, and what is forgotten.
 *
 * The chain never forks: blocks are numbered by their slot, and every slot has one. Nothing newer than the finalized
 * block is ever forgotten.
 */
import {toHex} from "@lodestar/utils";

/**
 * How many blocks behind the finalized one are kept: as many as EIP-2935's contract remembers (8,191), and one more.
 * About 7 kB each, and the transactions.
 */
export const FINALIZED_BLOCKS_KEPT = 8192;

/**
 * How many states behind the finalized one are kept; the light client's bootstrap and the debug state need them.
 * States share what did not change between them; the README gives the memory measured.
 */
export const FINALIZED_STATES_KEPT = 128;

/**
 * A block of the chain.
 *
 * @typedef {object} Entry
 * @property {number} slot
 * @property {Uint8Array} root
 * @property {object} header BeaconBlockHeader
 * @property {{message: object, signature: Uint8Array}} signedBlock
 * @property {import("@lodestar/state-transition").BeaconStateView | null} state after the block; null once forgotten
 * @property {string} executionHash hash of the execution block in it
 */

/** Blocks by slot and by root. */
export class BlockStore {
  #bySlot = new Map();
  #byRoot = new Map();
  #oldestState = 0;
  #oldestBlock = 0;
  #signedBlockType;

  /** @param {{serialize: Function, deserialize: Function}} signedBlockType SSZ type of a signed block */
  constructor(signedBlockType) {
    this.#signedBlockType = signedBlockType;
  }

  /** @param {Entry} entry */
  add(entry) {
    this.#bySlot.set(entry.slot, entry);
    this.#byRoot.set(toHex(entry.root), entry);
  }

  /**
   * @param {number} slot
   * @returns {Entry | undefined}
   */
  atSlot(slot) {
    return this.#bySlot.get(slot);
  }

  /**
   * @param {string | Uint8Array} root
   * @returns {Entry | undefined}
   */
  withRoot(root) {
    return this.#byRoot.get(typeof root === "string" ? root.toLowerCase() : toHex(root));
  }

  /**
   * Forgets states and blocks that lie too far behind the finalized slot. The genesis block stays, without its state.
   *
   * @param {number} finalizedSlot
   */
  prune(finalizedSlot) {
    for (; this.#oldestState < finalizedSlot - FINALIZED_STATES_KEPT; this.#oldestState++) {
      const entry = this.#bySlot.get(this.#oldestState);
      entry.state = null;
      this.#pack(entry);
    }
    for (; this.#oldestBlock < finalizedSlot - FINALIZED_BLOCKS_KEPT; this.#oldestBlock++) {
      if (this.#oldestBlock === 0) continue;
      this.#byRoot.delete(toHex(this.#bySlot.get(this.#oldestBlock).root));
      this.#bySlot.delete(this.#oldestBlock);
    }
  }

  /** Keeps a block as SSZ bytes, which take a third of the memory, and decodes it when it is asked for. */
  #pack(entry) {
    const type = this.#signedBlockType;
    const bytes = type.serialize(entry.signedBlock);
    Object.defineProperty(entry, "signedBlock", {get: () => type.deserialize(bytes)});
  }
}
