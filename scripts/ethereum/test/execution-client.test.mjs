/**
 * The faults of the execution client that `rpc-mends.mjs` mends: each is shown in the client, so that a mend that a
 * newer client makes needless is found, and then through the front.
 */
import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {LOGGING_INIT_CODE, startLocalNetwork, topic, waitFor} from "./local-network.mjs";

/** Init code that reverts with one byte, 0x2a. */
const REVERTING_INIT_CODE = "0x602a5f526001601ffd";

describe("the execution client's JSON-RPC", () => {
  let network;
  let account;
  before(async () => {
    network = await startLocalNetwork(["--seconds-per-slot", "1"]);
    account = network.endpoints.accounts[0].address;
  });
  after(() => network.stop());

  it("estimates fees on a chain younger than the history that is asked for", async () => {
    const params = ["0x400", "latest", [20]];
    await assert.rejects(network.unmended("eth_feeHistory", params), /greater than current height/);
    const history = await network.rpc("eth_feeHistory", params);
    assert.equal(history.oldestBlock, "0x0");
    assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1);
  });

  it("takes pending, a hash, an EIP-1898 object or nothing as a block id", async () => {
    const {hash, number} = await network.rpc("eth_getBlockByNumber", ["latest", false]);
    for (const id of [["pending"], [hash], [{blockHash: hash}], [{blockNumber: number}], []]) {
      await assert.rejects(network.unmended("eth_getBalance", [account, ...id]), `${JSON.stringify(id)} now works`);
      assert.ok(BigInt(await network.rpc("eth_getBalance", [account, ...id])) > 0n);
    }
    assert.equal(await network.unmended("debug_getRawHeader", [number]), await network.rpc("debug_getRawHeader", [hash]));
    await assert.rejects(network.rpc("eth_getBalance", [account, topic(7)]), {code: -32001});
  });

  it("estimates gas from the input field, with headroom, and reports a revert with its data", async () => {
    const deploy = {from: account, to: null, input: LOGGING_INIT_CODE};
    await assert.rejects(network.unmended("eth_estimateGas", [deploy, "latest"]), /hex string/);
    const estimate = Number(await network.rpc("eth_estimateGas", [deploy]));
    const [receipt] = await network.send(0, [{data: LOGGING_INIT_CODE, gasLimit: BigInt(estimate)}]);
    assert.equal(receipt.status, "0x1");
    assert.ok(estimate > Number(receipt.gasUsed));
    assert.equal(await network.rpc("eth_estimateGas", [{from: account, to: account, value: "0x1"}]), "0x5208");

    const failing = {from: account, data: REVERTING_INIT_CODE};
    assert.match(await network.unmended("eth_estimateGas", [failing, "latest"]), /^0x/);
    await assert.rejects(network.rpc("eth_estimateGas", [failing]), {code: 3, data: "0x2a"});
  });

  it("counts the logs of a block across its transactions, and prices gas with the base fee", async () => {
    const [first, second] = await waitFor(async () => {
      const both = await network.send(1, [{data: LOGGING_INIT_CODE}, {data: LOGGING_INIT_CODE}]);
      return both[0].blockHash === both[1].blockHash && both;
    });
    assert.deepEqual(second.logs.map((log) => log.logIndex), ["0x3", "0x4", "0x5"]);
    const [, wrong] = await network.unmended("eth_getBlockReceipts", [first.blockNumber]);
    assert.equal(wrong.logs[0].logIndex, "0x1");
    for (const id of [first.blockNumber, first.blockHash, {blockHash: first.blockHash}]) {
      assert.deepEqual(await network.rpc("eth_getBlockReceipts", [id]), [first, second]);
    }
    assert.equal(await network.rpc("eth_getBlockReceipts", [topic(7)]), null);

    const {baseFeePerGas} = await network.rpc("eth_getBlockByHash", [first.blockHash, false]);
    assert.equal(BigInt(first.effectiveGasPrice), BigInt(baseFeePerGas) + 1n);
    assert.equal(wrong.effectiveGasPrice, "0x1");
  });

  it("filters logs by every topic, over logs that have none, and up to any block", async () => {
    const [{blockNumber}] = await network.send(2, [{data: LOGGING_INIT_CODE}]);
    const here = {fromBlock: blockNumber, toBlock: blockNumber};
    const count = async (topics) => (await network.rpc("eth_getLogs", [{...here, topics}])).length;
    await assert.rejects(network.unmended("eth_getLogs", [{...here, topics: [topic(0xaa)]}]));
    assert.equal(await count([]), 3);
    assert.equal(await count([topic(0xaa)]), 2);
    assert.equal(await count([topic(0xaa), topic(0xcc)]), 1);
    assert.equal(await count([null, [topic(0xbb), topic(0xcc)]]), 2);
    assert.equal(await count([topic(0xbb)]), 0);
    await assert.rejects(network.unmended("eth_getLogs", [{fromBlock: "0x0", toBlock: "finalized"}]), /finalized/);
    assert.deepEqual(await network.rpc("eth_getLogs", [{fromBlock: "0x0", toBlock: "finalized"}]), []);
    const all = await network.rpc("eth_getLogs", [{fromBlock: blockNumber, toBlock: "0xffffff"}]);
    assert.equal(all.length, 3);
  });

  it("suggests a gas price after a block with a legacy transaction", async () => {
    const answer = await waitFor(async () => {
      await network.send(3, [{to: account, gasLimit: 21_000n}], {legacy: true});
      const [unmended, mended] = await Promise.allSettled([
        network.unmended("eth_gasPrice", []),
        network.rpc("eth_gasPrice", []),
      ]);
      // The fault shows only while that block is the latest.
      return unmended.status === "rejected" && mended;
    });
    assert.ok(BigInt(answer.value) >= 1_000_000_000n);
    await assert.rejects(network.unmended("eth_maxPriorityFeePerGas", []), {code: -32601});
    assert.equal(await network.rpc("eth_maxPriorityFeePerGas", []), "0x3b9aca00");
  });

  it("keeps producing blocks while a transaction that cannot pay the base fee waits", async () => {
    const poor = {to: account, gasLimit: 21_000n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n};
    const hash = await network.rpc("eth_sendRawTransaction", [network.sign(5, 0, poor)]);
    const [receipt] = await network.send(6, [{to: account, gasLimit: 21_000n}]);
    assert.equal(receipt.status, "0x1");
    assert.equal(await network.rpc("eth_getTransactionReceipt", [hash]), null);
  });

  it("answers null for the receipt of a transaction that is unknown or not in a block", async () => {
    assert.equal(await network.rpc("eth_getTransactionReceipt", [topic(1)]), null);
    const sender = network.endpoints.accounts[4].address.toLowerCase();
    const withGap = network.sign(4, 5, {to: account, gasLimit: 21_000n});
    const hash = await network.rpc("eth_sendRawTransaction", [withGap]);
    assert.equal(await network.rpc("eth_getTransactionReceipt", [hash]), null);
    // A trap that is not mended: the pending nonce counts the pool, gaps or not, and the pool's content is not served.
    assert.equal(await network.rpc("eth_getTransactionCount", [sender, "pending"]), "0x1");
    assert.equal(await network.rpc("eth_getTransactionByHash", [hash]), null);
  });

  it("answers requests in a batch, and hostile ones with an error", async () => {
    const post = async (body) => (await fetch(network.endpoints.rpc, {method: "POST", body})).json();
    const request = {jsonrpc: "2.0", id: 1, method: "eth_chainId"};
    const batch = await post(JSON.stringify([request, {...request, id: 2, method: "no_such_method"}]));
    assert.equal(batch[0].result, "0x539");
    assert.equal(batch[1].error.code, -32601);
    assert.equal((await post("{")).error.code, -32700);
    for (const body of ["null", "1", "[1]", '{"id":1}', '{"method":"eth_call","params":{}}']) {
      assert.equal([await post(body)].flat()[0].error.code, -32600, body);
    }
    for (const params of [[], [null], [7], [{fromBlock: "nonsense"}]]) {
      const answer = await post(JSON.stringify({...request, method: "eth_getLogs", params}));
      assert.ok(answer.result || answer.error.code, JSON.stringify(params));
    }
  });
});
