/**
 * The beacon chain's configuration: the preset's constants, with every fork up to the chosen one at genesis.
 */
import {createBeaconConfig, createChainForkConfig} from "@lodestar/config";
import {chainConfig} from "@lodestar/config/default";

/** Number of validators. Sync committees larger than this repeat members, as the protocol allows. */
export const VALIDATOR_COUNT = 64;

/**
 * Values of the configuration that differ from the preset's.
 *
 * @param {{fork: "electra" | "fulu", secondsPerSlot: number, chainId: number}} options
 */
function chainValues({fork, secondsPerSlot, chainId}) {
  return {
    ...chainConfig,
    CONFIG_NAME: "weft-local",
    DEPOSIT_CHAIN_ID: chainId,
    DEPOSIT_NETWORK_ID: chainId,
    MIN_GENESIS_ACTIVE_VALIDATOR_COUNT: VALIDATOR_COUNT,
    SECONDS_PER_SLOT: secondsPerSlot,
    SLOT_DURATION_MS: secondsPerSlot * 1000,
    ALTAIR_FORK_EPOCH: 0,
    BELLATRIX_FORK_EPOCH: 0,
    CAPELLA_FORK_EPOCH: 0,
    DENEB_FORK_EPOCH: 0,
    ELECTRA_FORK_EPOCH: 0,
    FULU_FORK_EPOCH: fork === "fulu" ? 0 : Infinity,
    GLOAS_FORK_EPOCH: Infinity,
    BLOB_SCHEDULE: [],
  };
}

/**
 * The configuration as far as it is known before there is a genesis state.
 *
 * @param {{fork: string, secondsPerSlot: number, chainId: number}} options
 */
export function forkConfig(options) {
  return createChainForkConfig(chainValues(options));
}

/**
 * The whole configuration; signing domains need the genesis validators root.
 *
 * @param {{fork: string, secondsPerSlot: number, chainId: number}} options
 * @param {Uint8Array} genesisValidatorsRoot
 */
export function beaconConfig(options, genesisValidatorsRoot) {
  return createBeaconConfig(chainValues(options), genesisValidatorsRoot);
}
