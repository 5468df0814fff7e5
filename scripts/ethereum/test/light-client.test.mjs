import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {startLocalNetwork, waitFor} from "./local-network.mjs";

// Lodestar reads the preset when it is first imported.
process.env.LODESTAR_PRESET = "minimal";
const {LightclientSpec} = await import("@lodestar/state-transition/light-client");
const {ssz} = await import("@lodestar/types");
const {fromHex, toHex} = await import("@lodestar/utils");
const {beaconConfig} = await import("../src/beacon/config.mjs");

const LIGHT_CLIENT = "/eth/v1/beacon/light_client";
const OPTIONS = {allowForcedUpdates: false, updateHeadersOnForcedUpdate: false};

for (const fork of ["fulu", "electra"]) {
  describe(`the beacon chain with the ${fork} fork`, () => {
    const types = ssz[fork];
    let network;
    let config;
    before(async () => {
      // Finality comes at slot 32 of the minimal preset; the ready line waits for these slots.
      network = await startLocalNetwork(["--fork", fork, "--fast", "--fast-forward", "33"]);
      config = beaconConfig(network.endpoints, fromHex(network.endpoints.genesisValidatorsRoot));
    });
    after(() => network.stop());

    it("serves a bootstrap and updates that Lodestar's light client accepts", async () => {
      const {data: finalized} = await network.get("/eth/v1/beacon/headers/finalized");
      const bootstrap = await network.get(`${LIGHT_CLIENT}/bootstrap/${finalized.root}`);
      const client = new LightclientSpec(config, OPTIONS, types.LightClientBootstrap.fromJson(bootstrap.data));
      assert.equal(String(client.store.finalizedHeader.beacon.slot), finalized.header.message.slot);

      const headSlot = async () => Number((await network.get("/eth/v1/beacon/headers/head")).data.header.message.slot);
      const [update] = await network.get(`${LIGHT_CLIENT}/updates?start_period=0&count=1`);
      client.onUpdate(await headSlot(), types.LightClientUpdate.fromJson(update.data));

      const newer = await waitFor(async () => {
        const {data} = await network.get(`${LIGHT_CLIENT}/finality_update`);
        return Number(data.finalized_header.beacon.slot) > Number(finalized.header.message.slot) && data;
      });
      client.onFinalityUpdate(await headSlot(), types.LightClientFinalityUpdate.fromJson(newer));
      assert.equal(String(client.store.finalizedHeader.beacon.slot), newer.finalized_header.beacon.slot);
    });

    it("puts the execution block that JSON-RPC calls finalized into the finalized header", async () => {
      const {data} = await network.get(`${LIGHT_CLIENT}/finality_update`);
      const {execution} = data.finalized_header;
      const block = await network.rpc("eth_getBlockByHash", [execution.block_hash, false]);
      assert.equal(block.receiptsRoot, execution.receipts_root);
      assert.equal(Number(block.number), Number(execution.block_number));
      const finalized = await network.rpc("eth_getBlockByNumber", ["finalized", false]);
      assert.ok(Number(finalized.number) >= Number(block.number));
    });

    it("refuses an update whose signature was tampered with", async () => {
      const {data: finalized} = await network.get("/eth/v1/beacon/headers/finalized");
      const bootstrap = await network.get(`${LIGHT_CLIENT}/bootstrap/${finalized.root}`);
      const client = new LightclientSpec(config, OPTIONS, types.LightClientBootstrap.fromJson(bootstrap.data));
      const {data} = await network.get(`${LIGHT_CLIENT}/finality_update`);
      const update = types.LightClientFinalityUpdate.fromJson(data);
      update.attestedHeader.beacon.proposerIndex += 1;
      assert.throws(() => client.onFinalityUpdate(update.signatureSlot, update), /signature/i);
    });

    it("serves headers, blocks and states that hash to what names them", async () => {
      const {data: head} = await network.get("/eth/v1/beacon/headers/head");
      const block = await network.get(`/eth/v2/beacon/blocks/${head.root}`);
      assert.equal(block.version, fork);
      const {message} = types.SignedBeaconBlock.fromJson(block.data);
      assert.equal(toHex(types.BeaconBlock.hashTreeRoot(message)), head.root);
      const response = await fetch(`${network.endpoints.beacon}/eth/v2/debug/beacon/states/${head.header.message.state_root}`);
      const state = types.BeaconState.deserialize(new Uint8Array(await response.arrayBuffer()));
      assert.equal(toHex(types.BeaconState.hashTreeRoot(state)), head.header.message.state_root);
      const checkpoints = await network.get(`/eth/v1/beacon/states/${head.header.message.slot}/finality_checkpoints`);
      assert.equal(checkpoints.data.finalized.root, toHex(state.finalizedCheckpoint.root));
    });

    it("answers ids it does not know with 404 and malformed ones with 400", async () => {
      const status = async (path) => (await fetch(network.endpoints.beacon + path)).status;
      assert.equal(await status("/eth/v1/beacon/headers/999999999"), 404);
      assert.equal(await status(`/eth/v1/beacon/headers/0x${"ab".repeat(32)}`), 404);
      assert.equal(await status(`${LIGHT_CLIENT}/bootstrap/0x${"ab".repeat(32)}`), 404);
      assert.equal(await status(`/eth/v2/debug/beacon/states/0x${"ab".repeat(32)}`), 404);
      assert.equal(await status("/eth/v1/beacon/headers/nonsense"), 400);
      assert.equal(await status(`${LIGHT_CLIENT}/updates?start_period=-1&count=1`), 400);
    });
  });
}
