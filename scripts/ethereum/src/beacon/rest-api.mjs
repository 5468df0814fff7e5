/**
 * The part of the beacon REST API that light clients and relayers use.
 * Source: https://ethereum.github.io/beacon-APIs
 */
import http from "node:http";
import {chainConfigToJson} from "@lodestar/config";
import {activePreset, presetToJson} from "@lodestar/params";
import {ssz} from "@lodestar/types";
import {toHex} from "@lodestar/utils";
import {FINALIZED_BLOCKS_KEPT, FINALIZED_STATES_KEPT} from "./block-store.mjs";

/** Most updates in one answer (MAX_REQUEST_LIGHT_CLIENT_UPDATES). */
const MAX_UPDATES = 128;

/** An answer other than 200. */
class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Raw bytes as an answer, in place of JSON. */
class SszAnswer {
  constructor(bytes) {
    this.bytes = bytes;
  }
}

/**
 * Creates the server; it does not listen yet.
 *
 * @param {import("./chain.mjs").BeaconChain} chain
 * @returns {http.Server}
 */
export function createRestServer(chain) {
  const routes = createRoutes(chain);
  return http.createServer((request, response) => {
    const send = (status, type, body) => {
      response.writeHead(status, {"content-type": type, "eth-consensus-version": chain.fork});
      response.end(body);
    };
    try {
      const url = new URL(request.url, "http://localhost");
      if (request.method !== "GET") throw new HttpError(405, `only GET is served, not ${request.method}`);
      const answer = route(routes, url, request.headers.accept ?? "");
      if (answer instanceof SszAnswer) send(200, "application/octet-stream", answer.bytes);
      else send(200, "application/json", JSON.stringify(answer));
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      send(status, "application/json", JSON.stringify({code: status, message: error.message}));
    }
  });
}

/** Finds the route of a path and calls it. */
function route(routes, url, accept) {
  for (const [pattern, handler] of routes) {
    const match = pattern.exec(url.pathname);
    if (match) return handler(match[1], {query: url.searchParams, wantsSsz: accept.includes("application/octet-stream")});
  }
  throw new HttpError(404, `this path is not served: ${url.pathname}`);
}

/** Reads a non-negative integer of the query. */
function queryNumber(query, name) {
  const text = query.get(name) ?? "";
  if (!/^\d{1,15}$/.test(text)) throw new HttpError(400, `${name} must be a non-negative integer`);
  return Number(text);
}

/** Paths and what they answer. */
function createRoutes(chain) {
  const {blocks, lightClient, fork} = chain;
  const types = ssz[fork];
  const versioned = (type, value) => ({version: fork, data: type.toJson(value)});
  const status = (entry) => ({execution_optimistic: false, finalized: entry.slot <= chain.finalized.slot});

  /** The block that an id names. */
  function block(id) {
    const named = {head: chain.head, finalized: chain.finalized, justified: chain.justified, genesis: blocks.atSlot(0)};
    let entry;
    if (Object.hasOwn(named, id)) entry = named[id];
    else if (/^0x[0-9a-fA-F]{64}$/.test(id)) entry = blocks.withRoot(id);
    else if (/^\d{1,15}$/.test(id)) entry = blocks.atSlot(Number(id));
    else throw new HttpError(400, `not a block id: ${id}`);
    if (!entry) {
      throw new HttpError(404, `block ${id} is unknown, or older than the ${FINALIZED_BLOCKS_KEPT} kept behind finality`);
    }
    return entry;
  }

  /** The block of an id, if its state is still kept. */
  function blockWithState(id) {
    const entry = block(id);
    if (!entry.state) {
      throw new HttpError(404, `the state of ${id} is older than the ${FINALIZED_STATES_KEPT} kept behind finality`);
    }
    return entry;
  }

  /** The block after which the state is that a state id names: as a block id, but a root is the state's own. */
  function blockOfState(id) {
    if (!/^0x[0-9a-fA-F]{64}$/.test(id)) return blockWithState(id);
    for (let slot = chain.head.slot; blocks.atSlot(slot)?.state; slot--) {
      if (toHex(blocks.atSlot(slot).header.stateRoot) === id.toLowerCase()) return blocks.atSlot(slot);
    }
    throw new HttpError(404, `state ${id} is unknown, or older than the ${FINALIZED_STATES_KEPT} kept behind finality`);
  }

  const headerJson = (entry) => ({
    root: toHex(entry.root),
    canonical: true,
    header: {
      message: ssz.phase0.BeaconBlockHeader.toJson(entry.header),
      signature: toHex(entry.signedBlock.signature),
    },
  });

  const latest = (type, value) => {
    if (value === null) throw new HttpError(404, "nothing has been finalized yet");
    return versioned(type, value);
  };

  return [
    [/^\/eth\/v1\/node\/health$/, () => ({})],
    [/^\/eth\/v1\/node\/version$/, () => ({data: {version: "weft-local-ethereum"}})],
    [/^\/eth\/v1\/node\/syncing$/, () => ({
      data: {head_slot: String(chain.head.slot), sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false},
    })],
    [/^\/eth\/v1\/config\/spec$/, () => ({data: {...presetToJson(activePreset), ...chainConfigToJson(chain.config)}})],
    [/^\/eth\/v1\/beacon\/genesis$/, () => ({
      data: {
        genesis_time: String(chain.genesisTime),
        genesis_validators_root: chain.genesisValidatorsRoot,
        genesis_fork_version: toHex(chain.config.forks[fork].version),
      },
    })],
    [/^\/eth\/v1\/beacon\/headers$/, () => ({...status(chain.head), data: [headerJson(chain.head)]})],
    [/^\/eth\/v1\/beacon\/headers\/(\w+)$/, (id) => ({...status(block(id)), data: headerJson(block(id))})],
    [/^\/eth\/v1\/beacon\/blocks\/(\w+)\/root$/, (id) => ({...status(block(id)), data: {root: toHex(block(id).root)}})],
    [/^\/eth\/v2\/beacon\/blocks\/(\w+)$/, (id, {wantsSsz}) => {
      const entry = block(id);
      if (wantsSsz) return new SszAnswer(types.SignedBeaconBlock.serialize(entry.signedBlock));
      return {...status(entry), ...versioned(types.SignedBeaconBlock, entry.signedBlock)};
    }],
    [/^\/eth\/v1\/beacon\/states\/(\w+)\/root$/, (id) => {
      const entry = blockOfState(id);
      return {...status(entry), data: {root: toHex(entry.header.stateRoot)}};
    }],
    [/^\/eth\/v1\/beacon\/states\/(\w+)\/fork$/, (id) => {
      const entry = blockOfState(id);
      return {...status(entry), data: ssz.phase0.Fork.toJson(entry.state.fork)};
    }],
    [/^\/eth\/v1\/beacon\/states\/(\w+)\/finality_checkpoints$/, (id) => {
      const entry = blockOfState(id);
      const checkpoint = (value) => ({epoch: String(value.epoch), root: toHex(value.root)});
      return {
        ...status(entry),
        data: {
          previous_justified: checkpoint(entry.state.previousJustifiedCheckpoint),
          current_justified: checkpoint(entry.state.currentJustifiedCheckpoint),
          finalized: checkpoint(entry.state.finalizedCheckpoint),
        },
      };
    }],
    // Always SSZ: the JSON of a state is large, and no reader of ours wants it.
    [/^\/eth\/v2\/debug\/beacon\/states\/(\w+)$/, (id) => new SszAnswer(blockOfState(id).state.serialize())],
    [/^\/eth\/v1\/beacon\/light_client\/bootstrap\/(0x[0-9a-fA-F]{64})$/, (root) =>
      versioned(types.LightClientBootstrap, lightClient.bootstrap(blockWithState(root)))],
    [/^\/eth\/v1\/beacon\/light_client\/updates$/, (_, {query}) => {
      const count = Math.min(queryNumber(query, "count"), MAX_UPDATES);
      return lightClient
        .updates(queryNumber(query, "start_period"), count)
        .map((update) => versioned(types.LightClientUpdate, update));
    }],
    [/^\/eth\/v1\/beacon\/light_client\/finality_update$/, () =>
      latest(types.LightClientFinalityUpdate, lightClient.finalityUpdate)],
    [/^\/eth\/v1\/beacon\/light_client\/optimistic_update$/, () =>
      latest(types.LightClientOptimisticUpdate, lightClient.optimisticUpdate)],
  ];
}
