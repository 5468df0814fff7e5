// Signed transactions over plain JSON-RPC, with every field given: no `pending` tag and no gas estimate, which some clients
// lack or get wrong (@ethereumjs/client throws on the one and leaves out an inner call's stipend in the other).
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeErrorResult, decodeFunctionResult, encodeDeployData, encodeFunctionData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const here = dirname(fileURLToPath(import.meta.url));

/** ABI and creation code of a contract that `forge build` compiled. */
export function artifact(name) {
  const { abi, bytecode } = JSON.parse(readFileSync(join(here, `out/${name}.sol/${name}.json`), 'utf8'));
  return { abi, bytecode: bytecode.object };
}

/** Calldata of a function. */
export const calldata = ({ abi }, functionName, args) => encodeFunctionData({ abi, functionName, args });

/** An Ethereum node at `url`, used with the account of `privateKey`. */
export class Ethereum {
  #id = 0;

  constructor(url, privateKey) {
    this.url = url;
    this.account = privateKeyToAccount(privateKey);
  }

  /** One JSON-RPC request; throws with the node's message, and its `data` if the call reverted. */
  async request(method, ...params) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw Object.assign(new Error(`${method}: ${error.message}`), { data: error.data });
    return result;
  }

  /** Send a transaction and wait for its receipt. Reverted ones throw. */
  async send({ to, data, gas, value = 0n, timeoutMs = 120_000 }) {
    const chainId = Number(await this.request('eth_chainId'));
    const nonce = Number(await this.request('eth_getTransactionCount', this.account.address, 'latest'));
    const { baseFeePerGas } = await this.request('eth_getBlockByNumber', 'latest', false);
    const tip = 1_000_000_000n;
    const raw = await this.account.signTransaction({
      type: 'eip1559', chainId, nonce, to, data, value, gas,
      maxPriorityFeePerGas: tip, maxFeePerGas: 2n * BigInt(baseFeePerGas) + tip,
    });
    const hash = await this.request('eth_sendRawTransaction', raw);
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const receipt = await this.request('eth_getTransactionReceipt', hash);
      if (receipt) {
        if (receipt.status !== '0x1') throw Object.assign(new Error(`transaction ${hash} reverted`), { receipt });
        return receipt;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`transaction ${hash} was not mined within ${timeoutMs} ms`);
  }

  /** Create a contract; resolves to `{ address, abi, receipt }`. */
  async create(name, args, gas = 5_000_000n) {
    const { abi, bytecode } = artifact(name);
    const receipt = await this.send({ data: encodeDeployData({ abi, bytecode, args }), gas });
    return { address: receipt.contractAddress, abi, receipt };
  }

  /** Call a function in a transaction. */
  write({ address, abi }, functionName, args, gas = 1_000_000n) {
    return this.send({ to: address, data: encodeFunctionData({ abi, functionName, args }), gas });
  }

  /** Call a function without a transaction, at the latest block. A custom error is thrown as `{ name: its name, args }`. */
  async read({ address, abi }, functionName, args = [], gas = 10_000_000n) {
    const call = {
      from: this.account.address, to: address, gas: `0x${gas.toString(16)}`,
      data: encodeFunctionData({ abi, functionName, args }),
    };
    let data;
    try {
      data = await this.request('eth_call', call, 'latest');
    } catch (error) {
      if (typeof error.data !== 'string' || error.data.length < 10) throw error;
      const { errorName, args: values } = decodeErrorResult({ abi, data: error.data });
      throw Object.assign(new Error(`${functionName} reverted: ${errorName}(${values ?? ''})`), {
        name: errorName, args: values,
      });
    }
    return decodeFunctionResult({ abi, functionName, data });
  }
}
