/**
 * Genesis of the execution chain, in the format that geth's `genesis.json` set.
 */
import {hoodiGenesis} from "@ethereumjs/genesis/hoodi";
import {DEV_ACCOUNTS, DEV_BALANCE} from "./dev-accounts.mjs";

/** Gas limit of every block: what mainnet has since 2025. The client keeps it constant. */
const GAS_LIMIT = 60_000_000;

/** Base fee of the genesis block, in wei. */
const BASE_FEE = 1_000_000_000;

/** Deposit contract (EIP-6110 reads its logs). */
const DEPOSIT_CONTRACT = "0x00000000219ab540356cbb839cbe05303d7705fa";

/**
 * Contracts that the protocol itself calls. Their code is taken from the Hoodi test network's genesis, where they are
 * deployed as on mainnet.
 */
const SYSTEM_CONTRACTS = {
  beaconRoots: "0x000f3df6d732807ef1319fb7b8bb8522d0beac02", // EIP-4788
  blockHashHistory: "0x0000f90827f1c53a10cb7a02335b175320002935", // EIP-2935
  withdrawalRequests: "0x00000961ef480eb55e80d19ad83579a64c007002", // EIP-7002
  consolidationRequests: "0x0000bbddc7ce488642fb579f8b00f3a590007251", // EIP-7251
  deposit: DEPOSIT_CONTRACT,
};

/** Blob limits per fork (EIP-7840); the values of mainnet. */
const BLOB_SCHEDULE = {
  cancun: {target: 3, max: 6, baseFeeUpdateFraction: 3338477},
  prague: {target: 6, max: 9, baseFeeUpdateFraction: 5007716},
};

/**
 * Forks by timestamp. Prague is the last, with Fulu's beacon chain too: what the client calls Osaka is an early plan
 * of it (the EVM object format, which was dropped), without anything of the Osaka that mainnet got.
 */
const FORKS_BY_TIME = ["shanghai", "cancun", "prague"];

const hex = (number) => `0x${number.toString(16)}`;
const zeroBytes = (length) => `0x${"00".repeat(length)}`;

/**
 * Reads the system contracts out of Hoodi's genesis.
 *
 * @returns {object} genesis accounts by address
 */
function systemAccounts() {
  const hoodi = new Map(
    Object.entries(hoodiGenesis).map(([address, account]) => [address.toLowerCase().replace(/^(0x)?/, "0x"), account])
  );
  const accounts = {};
  for (const [name, address] of Object.entries(SYSTEM_CONTRACTS)) {
    const account = hoodi.get(address);
    if (!Array.isArray(account)) throw new Error(`the ${name} contract ${address} is missing in Hoodi's genesis`);
    const [, code, storage] = account;
    accounts[address] = {balance: "0x0", nonce: "0x1", code};
    if (storage?.length) accounts[address].storage = Object.fromEntries(storage);
  }
  return accounts;
}

/**
 * Builds the genesis.
 *
 * @param {{chainId: number}} options
 * @returns {object}
 */
export function executionGenesis({chainId}) {
  const alloc = systemAccounts();
  for (const {address} of DEV_ACCOUNTS) alloc[address.toLowerCase()] = {balance: hex(DEV_BALANCE)};

  const blocksOfForks = ["homestead", "eip150", "eip155", "eip158", "byzantium", "constantinople", "petersburg"]
    .concat(["istanbul", "berlin", "london", "mergeNetsplit"]);
  return {
    config: {
      chainId,
      ...Object.fromEntries(blocksOfForks.map((name) => [`${name}Block`, 0])),
      ...Object.fromEntries(FORKS_BY_TIME.map((name) => [`${name}Time`, 0])),
      terminalTotalDifficulty: 0,
      terminalTotalDifficultyPassed: true,
      depositContractAddress: DEPOSIT_CONTRACT,
      blobSchedule: BLOB_SCHEDULE,
    },
    number: "0x0",
    timestamp: "0x0",
    nonce: "0x0",
    extraData: "0x",
    difficulty: "0x0",
    gasLimit: hex(GAS_LIMIT),
    gasUsed: "0x0",
    baseFeePerGas: hex(BASE_FEE),
    blobGasUsed: "0x0",
    excessBlobGas: "0x0",
    mixHash: zeroBytes(32),
    parentHash: zeroBytes(32),
    coinbase: zeroBytes(20),
    alloc,
  };
}
