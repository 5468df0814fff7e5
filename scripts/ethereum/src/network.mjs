/**
 * The whole network: the execution client (a child process), its JSON-RPC front, the beacon chain and its REST API.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {BeaconChain} from "./beacon/chain.mjs";
import {createRestServer} from "./beacon/rest-api.mjs";
import {followSlots} from "./beacon/slot-clock.mjs";
import {startExecutionClient} from "./execution/client-process.mjs";
import {DEV_ACCOUNTS, DEV_MNEMONIC} from "./execution/dev-accounts.mjs";
import {EngineApi} from "./execution/engine-api.mjs";
import {createRpcFront} from "./execution/rpc-front.mjs";
import {LOOPBACK, listen, reservePort} from "./ports.mjs";

/**
 * With `--fast` the genesis lies this many slots back, so that the clock never holds the chain up: at ten slots a
 * second it takes a day to catch up.
 */
const FAST_BACKLOG_SLOTS = 1_000_000;

/**
 * Creates the data directory, or checks the given one.
 *
 * @param {string | undefined} dir
 * @returns {{dir: string, temporary: boolean}}
 */
function prepareDataDir(dir) {
  if (dir === undefined) {
    return {dir: fs.mkdtempSync(path.join(os.tmpdir(), "weft-ethereum-")), temporary: true};
  }
  try {
    fs.mkdirSync(dir, {recursive: true});
    if (fs.readdirSync(dir).length > 0) {
      throw new Error("it is not empty, and this network always starts from its genesis; name a new or empty one");
    }
  } catch (error) {
    throw new Error(`--data-dir ${dir} cannot be used: ${error.message}`);
  }
  return {dir: path.resolve(dir), temporary: false};
}

/**
 * Starts the network.
 *
 * @param {object} options as `parseOptions` gives them
 * @returns {Promise<{endpoints: object, ready: Promise<void>, failed: Promise<Error>, stop: () => Promise<void>}>}
 *   `ready` resolves when the fast-forward slots are done; `failed` resolves with the cause if a part dies by itself.
 *   Rejects, with everything cleaned up, if a part cannot start.
 */
export async function startNetwork(options) {
  const data = prepareDataDir(options.dataDir);
  const cleanups = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    if (data.temporary) fs.rmSync(data.dir, {recursive: true, force: true});
  };

  try {
    // The front's port is claimed before the client starts, so that a port in use is reported at once.
    const front = createRpcFront();
    const rpcPort = await listen(front.server, options.rpcPort, "rpc-port");
    cleanups.push(() => front.close());
    const enginePort = await reservePort(options.enginePort, "engine-port");
    const beaconPort = await reservePort(options.beaconPort, "beacon-port");

    const client = await startExecutionClient({
      dataDir: data.dir,
      chainId: options.chainId,
      enginePort,
      rpcPort: await reservePort(0, "rpc-port"),
      peerPort: await reservePort(0, "rpc-port"),
    });
    cleanups.push(() => client.stop());
    front.forwardTo(client.rpcUrl);

    const engine = new EngineApi(client.engineUrl);
    const genesis = await engine.call("eth_getBlockByNumber", ["0x0", false]);
    const backlog = options.fast ? FAST_BACKLOG_SLOTS : options.fastForward;
    const chain = new BeaconChain({
      engine,
      executionGenesis: genesis,
      fork: options.fork,
      secondsPerSlot: options.secondsPerSlot,
      genesisTime: Math.floor(Date.now() / 1000) - backlog * options.secondsPerSlot,
      chainId: options.chainId,
    });

    const rest = createRestServer(chain);
    await listen(rest, beaconPort, "beacon-port");
    cleanups.push(() => {
      rest.closeAllConnections();
      return new Promise((resolve) => rest.close(resolve));
    });

    const slots = followSlots(chain, {readyAtSlot: options.fastForward, verbose: options.verbose});
    cleanups.push(() => slots.stop());

    return {
      endpoints: {
        rpc: `http://${LOOPBACK}:${rpcPort}`,
        beacon: `http://${LOOPBACK}:${beaconPort}`,
        engine: client.engineUrl,
        rpcUnmended: client.rpcUrl,
        chainId: options.chainId,
        preset: options.preset,
        fork: options.fork,
        secondsPerSlot: options.secondsPerSlot,
        genesisTime: chain.genesisTime,
        genesisValidatorsRoot: chain.genesisValidatorsRoot,
        executionGenesisHash: genesis.hash,
        mnemonic: DEV_MNEMONIC,
        accounts: DEV_ACCOUNTS,
        dataDir: data.dir,
        pid: process.pid,
        executionPid: client.pid,
      },
      // A network that fails before it is ready must not leave its caller waiting.
      ready: Promise.race([slots.ready, client.died.then((error) => Promise.reject(error))]),
      failed: Promise.race([slots.failed, client.died]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
