/**
 * Block ids in JSON-RPC parameters, reduced to the forms that the execution client understands: a number, or one of
 * the tags latest, safe, finalized and earliest.
 */
import {RpcError} from "./rpc-call.mjs";

/** JSON-RPC code for a block that is not there (EIP-1474, "resource not found"). */
const RESOURCE_NOT_FOUND = -32001;

/** Where the block id stands in each method's parameters. */
export const BLOCK_ID_POSITION = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
  eth_getProof: 2,
  eth_getBlockByNumber: 0,
  eth_getBlockTransactionCountByNumber: 0,
  debug_getRawBlock: 0,
  debug_getRawHeader: 0,
  debug_getRawReceipts: 0,
};

/**
 * Reduces a block id.
 *
 * @param {unknown} id a number, a tag, a hash, an EIP-1898 object, or nothing, which means latest
 * @param {string} method for the error
 * @param {(method: string, params: unknown[]) => Promise<any>} call to the execution client
 * @returns {Promise<unknown>} rejects with {@link RpcError} if a hash is unknown
 */
export async function plainBlockId(id, method, call) {
  const plain = id?.blockHash ?? id?.blockNumber ?? id ?? "latest";
  // There is no block between two slots: what is pending is what is latest.
  if (plain === "pending") return "latest";
  if (typeof plain !== "string" || !/^0x[0-9a-fA-F]{64}$/.test(plain)) return plain;
  // The chain never forks, so a number says as much as a hash.
  const block = await call("eth_getBlockByHash", [plain, false]);
  if (!block) throw new RpcError(method, {code: RESOURCE_NOT_FOUND, message: `unknown block ${plain}`});
  return block.number;
}

/**
 * The number that a block id stands for.
 *
 * @param {unknown} id as above
 * @param {string} method for the error
 * @param {(method: string, params: unknown[]) => Promise<any>} call to the execution client
 * @returns {Promise<number>} may lie beyond the head if a number was given
 */
export async function blockNumberOf(id, method, call) {
  const plain = await plainBlockId(id, method, call);
  if (typeof plain === "string" && /^0x[0-9a-fA-F]+$/.test(plain)) return Number(plain);
  const block = await call("eth_getBlockByNumber", [plain, false]);
  if (!block) throw new RpcError(method, {code: RESOURCE_NOT_FOUND, message: `unknown block ${JSON.stringify(id)}`});
  return Number(block.number);
}
