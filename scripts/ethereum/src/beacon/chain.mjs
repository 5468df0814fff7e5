/**
 * The beacon chain: Lodestar's state transition, fed with blocks that all validators sign and the execution client fills.
 */
import {interopSecretKeys} from "@lodestar/state-transition";
import {ssz} from "@lodestar/types";
import {fromHex, toHex} from "@lodestar/utils";
import {BlockStore} from "./block-store.mjs";
import {VALIDATOR_COUNT} from "./config.mjs";
import {Validators} from "./duties.mjs";
import {payloadAttributes, payloadFromJson, requestsFromJson, versionedHash} from "./execution-payload.mjs";
import {createGenesisState} from "./genesis-state.mjs";
import {LightClientServer} from "./light-client.mjs";

/** The execution client has checked the payload, and there is nobody to sample data from. */
const CHECKED_ELSEWHERE = {executionPayloadStatus: "valid", dataAvailabilityStatus: "Available"};
const VERIFY_NOTHING = {...CHECKED_ELSEWHERE, verifyStateRoot: false, verifyProposer: false, verifySignatures: false};
const VERIFY_EVERYTHING = {...CHECKED_ELSEWHERE, verifyStateRoot: true, verifyProposer: true, verifySignatures: true};

/** A chain without forks and without empty slots. */
export class BeaconChain {
  /** Light-client data. */
  lightClient;
  /** Blocks and states in memory. */
  blocks;
  /** @type {import("./block-store.mjs").Entry} the newest block */
  head;
  /** @type {import("./block-store.mjs").Entry} the finalized block; the genesis until there is finality */
  finalized;
  /** @type {import("./block-store.mjs").Entry} the justified block, which the execution client calls "safe" */
  justified;

  #engine;
  #types;
  #validators;

  /**
   * @param {object} options
   * @param {import("../execution/engine-api.mjs").EngineApi} options.engine
   * @param {object} options.executionGenesis as `eth_getBlockByNumber` gives it
   * @param {"electra" | "fulu"} options.fork
   * @param {number} options.secondsPerSlot
   * @param {number} options.genesisTime Unix seconds of slot 0
   * @param {number} options.chainId
   */
  constructor(options) {
    const {engine, executionGenesis, fork, secondsPerSlot, genesisTime} = options;
    const secretKeys = interopSecretKeys(VALIDATOR_COUNT);
    const {config, state} = createGenesisState({...options, secretKeys});
    this.fork = fork;
    this.config = config;
    this.secondsPerSlot = secondsPerSlot;
    this.genesisTime = genesisTime;
    this.genesisValidatorsRoot = toHex(config.genesisValidatorsRoot);
    this.blocks = new BlockStore(ssz[fork].SignedBeaconBlock);
    this.lightClient = new LightClientServer(fork);
    this.#engine = engine;
    this.#types = ssz[fork];
    this.#validators = new Validators(config, secretKeys);

    const message = {...this.#types.BeaconBlock.defaultValue(), stateRoot: state.hashTreeRoot()};
    const signedBlock = {message, signature: new Uint8Array(96)};
    this.head = this.finalized = this.justified = this.#remember(signedBlock, state, executionGenesis.hash);
  }

  /** The finalized checkpoint of the head's state. */
  get finalizedCheckpoint() {
    return this.head.state.finalizedCheckpoint;
  }

  /**
   * Produces, verifies and imports the block of the slot after the head's.
   *
   * @param {number} slot
   */
  async produceBlock(slot) {
    const parent = this.head;
    const state = parent.state.processSlots(slot, undefined, {});
    const {payload, requests, commitments} = await this.#executionBlock(state, parent);
    const proposer = state.getBeaconProposer(slot);
    const block = {
      slot,
      proposerIndex: proposer,
      parentRoot: parent.root,
      stateRoot: new Uint8Array(32),
      body: {
        ...this.#types.BeaconBlockBody.defaultValue(),
        randaoReveal: this.#validators.randaoReveal(proposer, slot),
        eth1Data: ssz.phase0.Eth1Data.clone(state.eth1Data),
        attestations: [this.#validators.attestationOfPreviousSlot(state, parent.root)],
        syncAggregate: this.#validators.syncAggregate(state, parent.root),
        executionPayload: payload,
        blobKzgCommitments: commitments,
        executionRequests: requests,
      },
    };
    const unsigned = {message: block, signature: new Uint8Array(96)};
    block.stateRoot = state.stateTransition(unsigned, VERIFY_NOTHING, {}).hashTreeRoot();

    const signedBlock = this.#validators.signBlock(this.#types.BeaconBlock, block);
    const postState = state.stateTransition(signedBlock, VERIFY_EVERYTHING, {});
    await this.#import(signedBlock, postState, parent);
  }

  /** Has the execution client build, execute and check the payload of the slot. */
  async #executionBlock(state, parent) {
    const timestamp = this.genesisTime + state.slot * this.secondsPerSlot;
    const attributes = payloadAttributes(state, timestamp, parent.root);
    const {executionPayload, executionRequests = [], blobsBundle} = await this.#engine.buildPayload(
      this.#executionHashes(),
      attributes
    );
    const commitments = (blobsBundle?.commitments ?? []).map((commitment) => fromHex(commitment));
    const blobHashes = commitments.map(versionedHash);
    await this.#engine.importPayload(executionPayload, blobHashes, toHex(parent.root), executionRequests);
    return {payload: payloadFromJson(executionPayload), requests: requestsFromJson(executionRequests), commitments};
  }

  /** Makes a verified block the head, here and in the execution client. */
  async #import(signedBlock, postState, parent) {
    const {message} = signedBlock;
    const entry = this.#remember(signedBlock, postState, toHex(message.body.executionPayload.blockHash));
    const parentFinality = parent.state.finalizedCheckpoint;
    const finalizedByParent = parentFinality.epoch > 0 ? this.blocks.withRoot(parentFinality.root) : null;
    this.lightClient.onBlock(message, parent, finalizedByParent);

    this.head = entry;
    this.finalized = this.#blockOfCheckpoint(postState.finalizedCheckpoint);
    this.justified = this.#blockOfCheckpoint(postState.currentJustifiedCheckpoint);
    this.blocks.prune(this.finalized.slot);
    await this.#engine.setHead(this.#executionHashes());
  }

  #blockOfCheckpoint({epoch, root}) {
    return epoch === 0 ? this.blocks.atSlot(0) : this.blocks.withRoot(root);
  }

  #executionHashes() {
    return {
      head: this.head.executionHash,
      safe: this.justified.executionHash,
      finalized: this.finalized.executionHash,
    };
  }

  #remember(signedBlock, state, executionHash) {
    const {slot, proposerIndex, parentRoot, stateRoot, body} = signedBlock.message;
    const bodyRoot = this.#types.BeaconBlockBody.hashTreeRoot(body);
    const header = {slot, proposerIndex, parentRoot, stateRoot, bodyRoot};
    const root = ssz.phase0.BeaconBlockHeader.hashTreeRoot(header);
    const entry = {slot, root, header, signedBlock, state, executionHash};
    this.blocks.add(entry);
    return entry;
  }
}
