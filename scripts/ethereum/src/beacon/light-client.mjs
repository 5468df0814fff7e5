/**
 * Light-client data: what a full node serves so that others can follow finality by sync committee signatures alone.
 * Source: https://github.com/ethereum/consensus-specs, specs/altair/light-client/full-node.md and its later forks.
 */
import {Tree} from "@chainsafe/persistent-merkle-tree";
import {
  BLOCK_BODY_EXECUTION_PAYLOAD_GINDEX,
  EPOCHS_PER_SYNC_COMMITTEE_PERIOD,
  ForkSeq,
  SLOTS_PER_EPOCH,
} from "@lodestar/params";
import {executionPayloadToPayloadHeader} from "@lodestar/state-transition";
import {isBetterUpdate, toLightClientUpdateSummary} from "@lodestar/state-transition/light-client";
import {ssz} from "@lodestar/types";

/**
 * How many periods the best update is kept for: 4.5 hours of two-second slots with the minimal preset are 128 periods,
 * so this is about six days; with the mainnet preset a period alone takes 4.5 hours.
 */
export const UPDATE_PERIODS_KEPT = 4096;

/** Sync committee period of a slot. */
export function syncPeriodOf(slot) {
  return Math.floor(slot / (SLOTS_PER_EPOCH * EPOCHS_PER_SYNC_COMMITTEE_PERIOD));
}

/**
 * The branches from the two sync committees to the state root. They are siblings, so that each one's branch starts
 * with the other's root.
 */
function syncCommitteeBranches(state) {
  const {witness, currentSyncCommitteeRoot, nextSyncCommitteeRoot} = state.getSyncCommitteesWitness();
  return {current: [nextSyncCommitteeRoot, ...witness], next: [currentSyncCommitteeRoot, ...witness]};
}

/** The latest light-client data and the best update of every period. */
export class LightClientServer {
  /** The newest LightClientFinalityUpdate, or null before the first finality. */
  finalityUpdate = null;
  /** The newest LightClientOptimisticUpdate, or null before the second block. */
  optimisticUpdate = null;
  #bestUpdates = new Map();
  #fork;

  /** @param {"electra" | "fulu"} fork */
  constructor(fork) {
    this.#fork = fork;
  }

  /**
   * Learns from a new block: its sync aggregate signs its parent.
   *
   * @param {object} block the new block's message
   * @param {import("./block-store.mjs").Entry} attested its parent
   * @param {import("./block-store.mjs").Entry | null} finalized what the parent's state finalizes; null if nothing yet
   */
  onBlock(block, attested, finalized) {
    if (attested.slot === 0) return;
    const signed = {syncAggregate: block.body.syncAggregate, signatureSlot: block.slot};
    const attestedHeader = this.header(attested);
    this.optimisticUpdate = {attestedHeader, ...signed};
    if (finalized === null) return;

    const finality = {
      finalizedHeader: this.header(finalized),
      finalityBranch: attested.state.getFinalizedRootProof(),
    };
    this.finalityUpdate = {attestedHeader, ...finality, ...signed};
    const period = syncPeriodOf(attested.slot);
    // The next committee is proved by a signature of the current one only within one period.
    if (period !== syncPeriodOf(block.slot)) return;
    const update = {
      attestedHeader,
      nextSyncCommittee: attested.state.nextSyncCommittee,
      nextSyncCommitteeBranch: syncCommitteeBranches(attested.state).next,
      ...finality,
      ...signed,
    };
    const best = this.#bestUpdates.get(period);
    if (!best || isBetterUpdate(toLightClientUpdateSummary(update), toLightClientUpdateSummary(best))) {
      this.#bestUpdates.set(period, update);
      this.#bestUpdates.delete(period - UPDATE_PERIODS_KEPT);
    }
  }

  /**
   * The best updates of consecutive periods, as far as there are any.
   *
   * @param {number} startPeriod
   * @param {number} count
   * @returns {object[]} LightClientUpdates
   */
  updates(startPeriod, count) {
    const updates = [];
    for (let period = startPeriod; period < startPeriod + count; period++) {
      const update = this.#bestUpdates.get(period);
      if (!update) break;
      updates.push(update);
    }
    return updates;
  }

  /**
   * What a light client starts from, given a block it trusts.
   *
   * @param {import("./block-store.mjs").Entry} entry with its state
   */
  bootstrap(entry) {
    return {
      header: this.header(entry),
      currentSyncCommittee: entry.state.currentSyncCommittee,
      currentSyncCommitteeBranch: syncCommitteeBranches(entry.state).current,
    };
  }

  /**
   * A beacon header with the execution header in it and the branch between them.
   *
   * @param {import("./block-store.mjs").Entry} entry
   */
  header({header, signedBlock}) {
    const {body} = signedBlock.message;
    const bodyTree = new Tree(ssz[this.#fork].BeaconBlockBody.toView(body).node);
    return {
      beacon: header,
      execution: executionPayloadToPayloadHeader(ForkSeq[this.#fork], body.executionPayload),
      executionBranch: bodyTree.getSingleProof(BigInt(BLOCK_BODY_EXECUTION_PAYLOAD_GINDEX)),
    };
  }
}
