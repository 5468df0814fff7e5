/**
 * What validators sign. One process holds every key, so every validator does every duty, and on time.
 * Source: https://github.com/ethereum/consensus-specs, validator.md of phase0, altair and electra.
 */
import {aggregateSignatures} from "@chainsafe/blst";
import {BitArray} from "@chainsafe/ssz";
import {
  DOMAIN_BEACON_ATTESTER,
  DOMAIN_BEACON_PROPOSER,
  DOMAIN_RANDAO,
  DOMAIN_SYNC_COMMITTEE,
  MAX_COMMITTEES_PER_SLOT,
  SYNC_COMMITTEE_SIZE,
} from "@lodestar/params";
import {computeEpochAtSlot, computeSigningRoot, computeStartSlotAtEpoch} from "@lodestar/state-transition";
import {ssz} from "@lodestar/types";

/** A bit array with the first `count` of `length` bits set. */
function firstBits(length, count) {
  const bits = BitArray.fromBitLen(length);
  for (let index = 0; index < count; index++) bits.set(index, true);
  return bits;
}

/** The validators' keys and their duties. */
export class Validators {
  #config;
  #secretKeys;

  /**
   * @param {object} config beacon configuration
   * @param {import("@chainsafe/blst").SecretKey[]} secretKeys by validator index
   */
  constructor(config, secretKeys) {
    this.#config = config;
    this.#secretKeys = secretKeys;
  }

  /**
   * The aggregate of all committees' attestations to the head of the previous slot (EIP-7549: one attestation).
   *
   * @param {import("@lodestar/state-transition").BeaconStateView} state advanced to the slot of the block
   * @param {Uint8Array} head root of the block of the previous slot
   */
  attestationOfPreviousSlot(state, head) {
    const slot = state.slot - 1;
    const epoch = computeEpochAtSlot(slot);
    const isCurrent = epoch === state.epoch;
    const data = {
      slot,
      index: 0,
      beaconBlockRoot: head,
      source: ssz.phase0.Checkpoint.clone(isCurrent ? state.currentJustifiedCheckpoint : state.previousJustifiedCheckpoint),
      target: {epoch, root: state.getBlockRootAtSlot(computeStartSlotAtEpoch(epoch))},
    };
    const committeeCount = state.getBeaconCommitteeCountPerSlot(epoch);
    const attesters = [];
    for (let index = 0; index < committeeCount; index++) attesters.push(...state.getBeaconCommittee(slot, index));

    const signingRoot = this.#signingRoot(ssz.phase0.AttestationData, data, slot, DOMAIN_BEACON_ATTESTER);
    return {
      aggregationBits: firstBits(attesters.length, attesters.length),
      committeeBits: firstBits(MAX_COMMITTEES_PER_SLOT, committeeCount),
      data,
      signature: this.#aggregate(attesters, signingRoot),
    };
  }

  /**
   * The sync committee's signature on the head of the previous slot.
   *
   * @param {import("@lodestar/state-transition").BeaconStateView} state advanced to the slot of the block
   * @param {Uint8Array} head root of the block of the previous slot
   */
  syncAggregate(state, head) {
    const domain = this.#config.getDomain(state.slot, DOMAIN_SYNC_COMMITTEE, state.slot - 1);
    const members = state.currentSyncCommitteeIndexed.validatorIndices;
    return {
      syncCommitteeBits: firstBits(SYNC_COMMITTEE_SIZE, SYNC_COMMITTEE_SIZE),
      syncCommitteeSignature: this.#aggregate(members, computeSigningRoot(ssz.Root, head, domain)),
    };
  }

  /**
   * The proposer's contribution to RANDAO.
   *
   * @param {number} proposer validator index
   * @param {number} slot
   */
  randaoReveal(proposer, slot) {
    const root = this.#signingRoot(ssz.Epoch, computeEpochAtSlot(slot), slot, DOMAIN_RANDAO);
    return this.#secretKeys[proposer].sign(root).toBytes();
  }

  /**
   * Signs a block as its proposer.
   *
   * @param {object} blockType SSZ type of the block
   * @param {object} block
   * @returns {{message: object, signature: Uint8Array}}
   */
  signBlock(blockType, block) {
    const root = this.#signingRoot(blockType, block, block.slot, DOMAIN_BEACON_PROPOSER);
    return {message: block, signature: this.#secretKeys[block.proposerIndex].sign(root).toBytes()};
  }

  #signingRoot(type, value, slot, domainType) {
    return computeSigningRoot(type, value, this.#config.getDomain(slot, domainType));
  }

  /** Aggregate signature of validators, who may appear more than once (a small sync committee repeats members). */
  #aggregate(indices, signingRoot) {
    const signatures = new Map();
    for (const index of indices) {
      if (!signatures.has(index)) signatures.set(index, this.#secretKeys[index].sign(signingRoot));
    }
    return aggregateSignatures(Array.from(indices, (index) => signatures.get(index))).toBytes();
  }
}
