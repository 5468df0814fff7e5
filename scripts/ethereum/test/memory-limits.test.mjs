import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {BlockStore, FINALIZED_BLOCKS_KEPT, FINALIZED_STATES_KEPT} from "../src/beacon/block-store.mjs";
import {getLogs, topicsMatch} from "../src/execution/log-filter.mjs";

/** A block entry with the fields that the store looks at. */
function entryAt(slot) {
  const root = new Uint8Array(32);
  new DataView(root.buffer).setUint32(28, slot);
  return {slot, root, state: {}, signedBlock: {message: {slot}}};
}

/** Stands in for the SSZ type of a signed block. */
const jsonType = {
  serialize: (value) => Buffer.from(JSON.stringify(value)),
  deserialize: (bytes) => JSON.parse(bytes.toString()),
};

describe("the block store", () => {
  const store = new BlockStore(jsonType);
  const headSlot = FINALIZED_BLOCKS_KEPT + 100;
  const finalizedSlot = headSlot - 20;
  for (let slot = 0; slot <= headSlot; slot++) store.add(entryAt(slot));
  store.prune(finalizedSlot);

  it("forgets states that lie further behind the finalized block than the limit", () => {
    assert.equal(store.atSlot(finalizedSlot - FINALIZED_STATES_KEPT - 1).state, null);
    assert.notEqual(store.atSlot(finalizedSlot - FINALIZED_STATES_KEPT).state, null);
    assert.notEqual(store.atSlot(headSlot).state, null);
  });

  it("still has the block of a forgotten state", () => {
    const slot = finalizedSlot - FINALIZED_STATES_KEPT - 1;
    assert.deepEqual(store.atSlot(slot).signedBlock, {message: {slot}});
  });

  it("forgets blocks that lie further behind than the limit, by slot and by root, but keeps the genesis", () => {
    const oldest = finalizedSlot - FINALIZED_BLOCKS_KEPT;
    assert.equal(store.atSlot(oldest - 1), undefined);
    assert.equal(store.withRoot(entryAt(oldest - 1).root), undefined);
    assert.notEqual(store.withRoot(entryAt(oldest).root), undefined);
    assert.notEqual(store.atSlot(0), undefined);
  });
});

describe("a question for logs over many blocks", () => {
  /** A client with one log in every block, and the limits of the real one. */
  function clientWith({head, logsPerBlock}) {
    const questions = [];
    const call = async (method, [filter]) => {
      if (method === "eth_blockNumber") return `0x${head.toString(16)}`;
      const [from, to] = [Number(filter.fromBlock), Number(filter.toBlock)];
      questions.push([from, to]);
      assert.ok(to - from <= 2500, "the client would refuse");
      const logs = [];
      for (let block = from; block <= to && logs.length < 10_000; block++) {
        for (let index = 0; index < logsPerBlock; index++) logs.push({blockNumber: block, topics: [], index});
      }
      return logs;
    };
    return {call, questions};
  }

  it("is split where the client would refuse or cut the answer short", async () => {
    const {call, questions} = clientWith({head: 6000, logsPerBlock: 7});
    const logs = await getLogs([{fromBlock: "0x0", toBlock: "0x1770"}], call);
    assert.equal(logs.length, 6001 * 7);
    assert.deepEqual([...new Set(logs.map((log) => log.blockNumber))], Array.from({length: 6001}, (_, block) => block));
    assert.ok(questions.length > 3);
  });

  it("is answered with nothing if it starts beyond the head", async () => {
    const {call, questions} = clientWith({head: 5, logsPerBlock: 1});
    assert.deepEqual(await getLogs([{fromBlock: "0x6", toBlock: "0x9"}], call), []);
    assert.equal(questions.length, 0);
  });

  it("matches topics by position, where null is anything and a list is any of", () => {
    assert.ok(topicsMatch(["0xa", "0xb"], []));
    assert.ok(topicsMatch(["0xa", "0xb"], [null, "0xB"]));
    assert.ok(topicsMatch(["0xa", "0xb"], [["0xc", "0xa"]]));
    assert.ok(!topicsMatch(["0xa", "0xb"], ["0xb"]));
    assert.ok(!topicsMatch(["0xa"], ["0xa", null]));
  });
});
