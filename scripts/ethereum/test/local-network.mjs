/**
 * Starts the local Ethereum for a test, as a user would: the program itself, on free ports.
 */
import {spawn} from "node:child_process";
import {once} from "node:events";
import readline from "node:readline";
import {fileURLToPath} from "node:url";
import {Hardfork, Mainnet, createCustomCommon} from "@ethereumjs/common";
import {createFeeMarket1559Tx, createLegacyTx} from "@ethereumjs/tx";
import {bytesToHex, hexToBytes} from "@ethereumjs/util";
import {rpcCall} from "../src/execution/rpc-call.mjs";

const program = fileURLToPath(new URL("../main.mjs", import.meta.url));
const FREE_PORTS = ["--rpc-port", "0", "--engine-port", "0", "--beacon-port", "0"];

/** Enough for every transaction of the tests. */
const GAS_LIMIT = 1_000_000n;
const MAX_FEE = 10_000_000_000n;

/**
 * Starts the program with arguments, on free ports unless they say otherwise, and collects what it prints.
 *
 * @param {string[]} args
 * @returns {{child: object, ended: Promise<{code: number, signal: string, stdout: string, stderr: string}>}}
 */
export function spawnProgram(args) {
  const child = spawn(process.execPath, [program, ...FREE_PORTS, ...args]);
  const output = {stdout: "", stderr: ""};
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  return {child, ended: once(child, "close").then(([code, signal]) => ({code, signal, ...output}))};
}

/**
 * Runs the program with arguments until it ends.
 *
 * @param {string[]} args
 */
export function runProgram(args) {
  return spawnProgram(args).ended;
}

/**
 * Starts a network and waits for its ready line.
 *
 * @param {string[]} args options besides the ports
 */
export async function startLocalNetwork(args) {
  const child = spawn(process.execPath, [program, ...FREE_PORTS, ...args], {stdio: ["pipe", "pipe", "inherit"]});
  const exited = once(child, "exit");
  const lines = readline.createInterface({input: child.stdout});
  const ended = exited.then(([code]) => {
    throw new Error(`the network ended with ${code} before it was ready`);
  });
  ended.catch(() => {});
  const [line] = await Promise.race([once(lines, "line"), ended]);
  const endpoints = JSON.parse(line);
  const common = createCustomCommon({chainId: endpoints.chainId}, Mainnet, {hardfork: Hardfork.Prague});

  const network = {
    child,
    endpoints,
    exited,
    rpc: (method, params) => rpcCall(endpoints.rpc, method, params),
    unmended: (method, params) => rpcCall(endpoints.rpcUnmended, method, params),
    get: async (path) => (await fetch(endpoints.beacon + path)).json(),
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
    /** Signs a transaction of a funded account; `legacy` without EIP-1559 fees. */
    sign: (account, nonce, fields, {legacy = false} = {}) => {
      const key = hexToBytes(endpoints.accounts[account].privateKey);
      const all = {nonce, gasLimit: GAS_LIMIT, ...fields};
      const unsigned = legacy
        ? createLegacyTx({gasPrice: MAX_FEE, ...all}, {common})
        : createFeeMarket1559Tx({maxFeePerGas: MAX_FEE, maxPriorityFeePerGas: 1n, ...all}, {common});
      return bytesToHex(unsigned.sign(key).serialize());
    },
    /** Sends transactions of one account in one go and waits for their receipts. */
    send: async (account, transactions, options) => {
      const address = endpoints.accounts[account].address.toLowerCase();
      const first = Number(await network.rpc("eth_getTransactionCount", [address, "pending"]));
      const hashes = [];
      for (const [index, fields] of transactions.entries()) {
        const raw = network.sign(account, first + index, fields, options);
        hashes.push(await network.rpc("eth_sendRawTransaction", [raw]));
      }
      return Promise.all(hashes.map((hash) => waitFor(() => network.rpc("eth_getTransactionReceipt", [hash]))));
    },
  };
  return network;
}

/**
 * Asks until the answer is there.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {number} [timeoutMs]
 * @returns {Promise<T>}
 */
export async function waitFor(ask, timeoutMs = 30_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`no answer within ${timeoutMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Init code that logs (aa, bb), then (aa, cc), then without a topic, and deploys nothing. */
export const LOGGING_INIT_CODE = "0x60bb60aa5f5fa260cc60aa5f5fa25f5fa000";

/** A number as a 32-byte topic. */
export const topic = (number) => `0x${number.toString(16).padStart(64, "0")}`;
