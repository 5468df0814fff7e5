/**
 * Where the execution client's JSON-RPC departs from the specification so far that standard tools (alloy, cast,
 * forge) fail or read wrong numbers, and what is answered instead. Everything else passes through unchanged.
 * `test/execution-client.test.mjs` shows each fault in the client, and the mend.
 *
 * Specification: https://ethereum.github.io/execution-apis
 */
import {BLOCK_ID_POSITION, blockNumberOf, plainBlockId} from "./block-ids.mjs";
import {getLogs} from "./log-filter.mjs";

/** The tip suggested to senders, in wei: 1 gwei. Blocks are never full here, so any tip is enough. */
const SUGGESTED_TIP = 1_000_000_000n;

/** Most gas an estimate asks for: what a transaction may have on mainnet (EIP-7825), which the client does not check. */
const MAX_TRANSACTION_GAS = 2n ** 24n;

/** Gas of a transaction that only sends value. */
const TRANSFER_GAS = 21_000n;

/** Most blocks that the client looks back over in `eth_feeHistory`. */
const CLIENT_MAX_FEE_HISTORY = 1024;

const hex = (number) => `0x${number.toString(16)}`;
const min = (a, b) => (a < b ? a : b);

/**
 * A mend: answers a method.
 *
 * @callback Mend
 * @param {any[]} params
 * @param {(method: string, params: unknown[]) => Promise<any>} call to the execution client
 * @returns {Promise<any>}
 */

/** Parameters with the block id, if the method has one, in a form the client understands. */
async function withPlainBlockId(method, params, call) {
  const position = BLOCK_ID_POSITION[method];
  const id = params[position];
  // The client does know the pending nonce, which counts the transactions in its pool.
  if (method === "eth_getTransactionCount" && id === "pending") return [params[0].toLowerCase(), id];
  const mended = params.slice(0, Math.max(position + 1, params.length));
  mended[position] = await plainBlockId(id, method, call);
  return mended;
}

/**
 * A call request with only what decides how the call runs. The client trips over fields that are null (`to` of a
 * creation) and over fees of zero, and its estimate does not look at `input`, the newer name of `data`.
 */
function plainRequest(request = {}) {
  const {from, to, value, gas, data, input, accessList} = request;
  const plain = {from, to, value, gas, data: input ?? data, accessList};
  return Object.fromEntries(Object.entries(plain).filter(([, field]) => field !== null && field !== undefined));
}

/** @type {Mend} */
async function ethCall([request, id], call) {
  return call("eth_call", await withPlainBlockId("eth_call", [plainRequest(request), id], call));
}

/**
 * The client answers what a run spent, even if it failed: too little wherever gas is refunded or an inner call must
 * leave some over (63/64 rule), and no error where a call would revert. Mended: a run that fails answers its error
 * and revert data, as in geth, and the estimate has half as much again on top.
 *
 * @type {Mend}
 */
async function estimateGas([request, id], call) {
  const mended = await withPlainBlockId("eth_estimateGas", [plainRequest(request), id], call);
  await call("eth_call", mended);
  const spent = BigInt(await call("eth_estimateGas", mended));
  return spent === TRANSFER_GAS ? hex(spent) : hex(min((spent * 3n) / 2n, MAX_TRANSACTION_GAS));
}

/** What a transaction paid per gas (EIP-1559). */
function effectiveGasPrice(transaction, baseFee) {
  if (transaction.maxFeePerGas === undefined) return transaction.gasPrice;
  return hex(min(BigInt(transaction.maxFeePerGas), BigInt(transaction.maxPriorityFeePerGas) + baseFee));
}

/** A receipt with the right effective gas price: the client leaves the base fee out of it. */
function mendReceipt(receipt, block) {
  const transaction = block.transactions[Number(receipt.transactionIndex)];
  return {...receipt, effectiveGasPrice: effectiveGasPrice(transaction, BigInt(block.baseFeePerGas))};
}

/** @type {Mend} */
async function getTransactionReceipt(params, call) {
  const receipt = await call("eth_getTransactionReceipt", params);
  if (!receipt) return null;
  return mendReceipt(receipt, await call("eth_getBlockByHash", [receipt.blockHash, true]));
}

/**
 * Besides the gas price, the client counts the logs of a block wrongly (from the transaction's index instead of the
 * number of logs before), and takes no block hash.
 *
 * @type {Mend}
 */
async function getBlockReceipts([id], call) {
  const hash = id?.blockHash ?? id;
  const block = /^0x[0-9a-fA-F]{64}$/.test(hash)
    ? await call("eth_getBlockByHash", [hash, true])
    : await call("eth_getBlockByNumber", [await plainBlockId(id, "eth_getBlockReceipts", call), true]);
  if (!block) return null;
  const receipts = await call("eth_getBlockReceipts", [block.number]);
  let logIndex = 0;
  return receipts?.map((receipt) => ({
    ...mendReceipt(receipt, block),
    logs: receipt.logs.map((log) => ({...log, logIndex: hex(logIndex++)})),
  }));
}

/**
 * The client fails if more blocks are asked for than there are, as alloy does on a young chain.
 *
 * @type {Mend}
 */
async function feeHistory([count, newest, percentiles = []], call) {
  const last = await blockNumberOf(newest, "eth_feeHistory", call);
  const most = Math.min(last + 1, CLIENT_MAX_FEE_HISTORY);
  return call("eth_feeHistory", [hex(Math.min(Number(count), most)), hex(last), percentiles ?? []]);
}

/**
 * The client fails if the latest block has a legacy transaction. The answer here covers the highest base fee that the
 * next block can have.
 *
 * @type {Mend}
 */
async function gasPrice(_params, call) {
  const {baseFeePerGas} = await call("eth_getBlockByNumber", ["latest", false]);
  const highestNext = (BigInt(baseFeePerGas) * 9n) / 8n + 1n;
  return hex(highestNext + SUGGESTED_TIP);
}

/**
 * The mends by method.
 *
 * @type {Map<string, Mend>}
 */
export const mends = new Map([
  // The client knows no "pending", no hash and no EIP-1898 object as a block id, and needs one where it is optional.
  ...Object.keys(BLOCK_ID_POSITION).map((method) => [
    method,
    async (params, call) => call(method, await withPlainBlockId(method, params, call)),
  ]),
  ["eth_call", ethCall],
  ["eth_estimateGas", estimateGas],
  ["eth_getTransactionReceipt", getTransactionReceipt],
  ["eth_getBlockReceipts", getBlockReceipts],
  ["eth_getLogs", getLogs],
  ["eth_feeHistory", feeHistory],
  ["eth_gasPrice", gasPrice],
  // Methods the client does not have.
  ["eth_maxPriorityFeePerGas", async () => hex(SUGGESTED_TIP)],
  ["eth_accounts", async () => []],
]);
