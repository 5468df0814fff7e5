import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {createMPT, verifyMerkleProof} from "@ethereumjs/mpt";
import {RLP} from "@ethereumjs/rlp";
import {bigIntToBytes, bytesToHex, hexToBytes, setLengthLeft} from "@ethereumjs/util";
import {keccak256} from "ethereum-cryptography/keccak.js";
import {LOGGING_INIT_CODE, startLocalNetwork, waitFor} from "./local-network.mjs";

const HISTORY_CONTRACT = "0x0000F90827F1C53a10cb7A02335B175320002935";
const HISTORY_LENGTH = 8191n; // EIP-2935, HISTORY_SERVE_WINDOW
const word = (number) => bytesToHex(setLengthLeft(bigIntToBytes(BigInt(number)), 32));

/** The fields of a header in the order in which they are hashed, as JSON-RPC names them. */
const HEADER_FIELDS = [
  "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom",
  "difficulty*", "number*", "gasLimit*", "gasUsed*", "timestamp*", "extraData", "mixHash", "nonce", "baseFeePerGas*",
  "withdrawalsRoot", "blobGasUsed*", "excessBlobGas*", "parentBeaconBlockRoot", "requestsHash",
];

describe("the execution chain", () => {
  let network;
  before(async () => {
    network = await startLocalNetwork(["--fast"]);
  });
  after(() => network.stop());

  it("serves receipts that rebuild the receipts root of their block's header", async () => {
    const [receipt] = await network.send(0, [{data: LOGGING_INIT_CODE}]);
    assert.equal(receipt.status, "0x1");
    assert.equal(receipt.logs.length, 3);
    const block = await network.rpc("eth_getBlockByHash", [receipt.blockHash, false]);
    const raw = await network.rpc("debug_getRawReceipts", [receipt.blockNumber]);
    assert.equal(raw.length, block.transactions.length);
    const trie = await createMPT();
    for (const [index, bytes] of raw.entries()) await trie.put(RLP.encode(index), hexToBytes(bytes));
    assert.equal(bytesToHex(trie.root()), block.receiptsRoot);
  });

  it("gives every header field, so that the header's RLP hashes to the block hash", async () => {
    const block = await network.rpc("eth_getBlockByNumber", ["latest", false]);
    const fields = HEADER_FIELDS.map((field) => {
      const value = block[field.replace("*", "")];
      return field.endsWith("*") ? BigInt(value) : hexToBytes(value);
    });
    const header = RLP.encode(fields);
    assert.equal(bytesToHex(keccak256(header)), block.hash);
    assert.equal(await network.rpc("debug_getRawHeader", [block.number]), bytesToHex(header));
  });

  it("remembers block hashes in the EIP-2935 contract, readable by a call and provable by a storage proof", async () => {
    await waitFor(async () => Number(await network.rpc("eth_blockNumber", [])) > 12);
    const {hash} = await network.rpc("eth_getBlockByNumber", ["0xa", false]);
    assert.equal(await network.rpc("eth_call", [{to: HISTORY_CONTRACT, data: word(10)}, "latest"]), hash);

    const block = await network.rpc("eth_getBlockByNumber", ["latest", false]);
    const slot = word(10n % HISTORY_LENGTH);
    const proof = await network.rpc("eth_getProof", [HISTORY_CONTRACT, [slot], block.number]);
    const account = await verifyMerkleProof(
      keccak256(hexToBytes(HISTORY_CONTRACT.toLowerCase())),
      proof.accountProof.map((node) => hexToBytes(node)),
      {root: hexToBytes(block.stateRoot), useKeyHashing: false}
    );
    const storageRoot = RLP.decode(account)[2];
    assert.equal(bytesToHex(storageRoot), proof.storageHash);
    const value = await verifyMerkleProof(
      keccak256(hexToBytes(slot)),
      proof.storageProof[0].proof.map((node) => hexToBytes(node)),
      {root: storageRoot, useKeyHashing: false}
    );
    // The trie holds numbers, without leading zeros.
    assert.equal(bytesToHex(setLengthLeft(RLP.decode(value), 32)), hash);
  });

  it("funds the ten accounts of the standard mnemonic on the chain id it was given", async () => {
    assert.equal(Number(await network.rpc("eth_chainId", [])), 1337);
    assert.equal(network.endpoints.accounts.length, 10);
    const {address} = network.endpoints.accounts[9];
    assert.equal(BigInt(await network.rpc("eth_getBalance", [address, "latest"])), 10_000n * 10n ** 18n);
  });
});
