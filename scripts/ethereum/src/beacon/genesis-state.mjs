/**
 * The genesis state of the beacon chain, on top of the execution chain's genesis block.
 * Source: https://github.com/ethereum/consensus-specs, initialize_beacon_state_from_eth1, without the deposits: the
 * validators are put into the registry as their deposits would leave them.
 */
import {
  EFFECTIVE_BALANCE_INCREMENT,
  EPOCHS_PER_HISTORICAL_VECTOR,
  ForkSeq,
  MAX_EFFECTIVE_BALANCE,
  UNSET_DEPOSIT_REQUESTS_START_INDEX,
} from "@lodestar/params";
import {
  BeaconStateView,
  computeEpochShuffling,
  computeProposerIndices,
  createCachedBeaconState,
  createPubkeyCache,
  getNextSyncCommittee,
} from "@lodestar/state-transition";
import {ssz} from "@lodestar/types";
import {fromHex} from "@lodestar/utils";
import {beaconConfig, forkConfig} from "./config.mjs";

/** Where the validators' rewards are withdrawn to: an address nobody holds the key of. */
const WITHDRAWAL_ADDRESS = new Uint8Array(20).fill(0x42);

/** Withdrawal credentials of an execution address (prefix 0x01). */
const WITHDRAWAL_CREDENTIALS = Uint8Array.from([1, ...new Uint8Array(11), ...WITHDRAWAL_ADDRESS]);

/**
 * Builds the genesis state.
 *
 * @param {object} options
 * @param {"electra" | "fulu"} options.fork
 * @param {number} options.secondsPerSlot
 * @param {number} options.chainId
 * @param {number} options.genesisTime Unix seconds of slot 0
 * @param {import("@chainsafe/blst").SecretKey[]} options.secretKeys of the validators
 * @param {object} options.executionGenesis as `eth_getBlockByNumber` gives it
 * @returns {{config: object, state: BeaconStateView}}
 */
export function createGenesisState(options) {
  const {fork, genesisTime, secretKeys, executionGenesis} = options;
  const types = ssz[fork];
  const state = types.BeaconState.defaultViewDU();
  const blockHash = fromHex(executionGenesis.hash);
  const version = forkConfig(options).forks[fork].version;

  state.genesisTime = genesisTime;
  state.fork = ssz.phase0.Fork.toViewDU({previousVersion: version, currentVersion: version, epoch: 0});
  state.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU({
    ...ssz.phase0.BeaconBlockHeader.defaultValue(),
    bodyRoot: types.BeaconBlockBody.hashTreeRoot(types.BeaconBlockBody.defaultValue()),
  });
  state.eth1Data = ssz.phase0.Eth1Data.toViewDU({
    depositRoot: new Uint8Array(32),
    depositCount: BigInt(secretKeys.length),
    blockHash,
  });
  state.eth1DepositIndex = secretKeys.length;
  state.depositRequestsStartIndex = UNSET_DEPOSIT_REQUESTS_START_INDEX;
  state.randaoMixes = ssz.phase0.RandaoMixes.toViewDU(Array(EPOCHS_PER_HISTORICAL_VECTOR).fill(blockHash));
  state.latestExecutionPayloadHeader = types.ExecutionPayloadHeader.toViewDU({
    ...types.ExecutionPayloadHeader.defaultValue(),
    blockHash,
    stateRoot: fromHex(executionGenesis.stateRoot),
    receiptsRoot: fromHex(executionGenesis.receiptsRoot),
    gasLimit: Number(executionGenesis.gasLimit),
    timestamp: Number(executionGenesis.timestamp),
    baseFeePerGas: BigInt(executionGenesis.baseFeePerGas),
  });
  fillRegistry(state, secretKeys);
  fillSyncCommittees(state, fork, secretKeys.length);
  state.commit();

  const config = beaconConfig(options, state.genesisValidatorsRoot);
  const cached = () => createCachedBeaconState(state, {config, pubkeyCache: createPubkeyCache()});
  if (fork === "fulu") {
    state.proposerLookahead = ssz.fulu.ProposerLookahead.toViewDU(proposerLookahead(cached()));
    state.commit();
  }
  return {config, state: new BeaconStateView(cached())};
}

/** Puts the validators, active from genesis, into the registry. */
function fillRegistry(state, secretKeys) {
  const count = secretKeys.length;
  state.validators = ssz.phase0.Validators.toViewDU(
    secretKeys.map((key) => ({
      pubkey: key.toPublicKey().toBytes(),
      withdrawalCredentials: WITHDRAWAL_CREDENTIALS,
      effectiveBalance: MAX_EFFECTIVE_BALANCE,
      slashed: false,
      activationEligibilityEpoch: 0,
      activationEpoch: 0,
      exitEpoch: Infinity,
      withdrawableEpoch: Infinity,
    }))
  );
  state.balances = ssz.phase0.Balances.toViewDU(Array(count).fill(MAX_EFFECTIVE_BALANCE));
  state.previousEpochParticipation = ssz.altair.EpochParticipation.toViewDU(Array(count).fill(0));
  state.currentEpochParticipation = ssz.altair.EpochParticipation.toViewDU(Array(count).fill(0));
  state.inactivityScores = ssz.altair.InactivityScores.toViewDU(Array(count).fill(0));
  state.commit();
  state.genesisValidatorsRoot = state.validators.hashTreeRoot();
}

/** Chooses the first sync committee; as in the specification, it serves the first two periods. */
function fillSyncCommittees(state, fork, count) {
  const everyone = Uint32Array.from({length: count}, (_, index) => index);
  const increments = new Uint16Array(count).fill(MAX_EFFECTIVE_BALANCE / EFFECTIVE_BALANCE_INCREMENT);
  const {syncCommittee} = getNextSyncCommittee(ForkSeq[fork], state, everyone, increments);
  state.currentSyncCommittee = ssz.altair.SyncCommittee.toViewDU(syncCommittee);
  state.nextSyncCommittee = ssz.altair.SyncCommittee.toViewDU(syncCommittee);
}

/**
 * Proposers of the first two epochs (EIP-7917).
 *
 * @param {object} cachedState
 * @returns {number[]}
 */
function proposerLookahead(cachedState) {
  const {currentShuffling, nextActiveIndices} = cachedState.epochCtx;
  const next = computeEpochShuffling(cachedState, nextActiveIndices, 1);
  return [
    ...computeProposerIndices(ForkSeq.fulu, cachedState, currentShuffling, 0),
    ...computeProposerIndices(ForkSeq.fulu, cachedState, next, 1),
  ];
}
