/**
 * The execution client (`@ethereumjs/client`) as a child process.
 */
import {fork as forkProcess} from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {fileURLToPath} from "node:url";
import {LOOPBACK} from "../ports.mjs";
import {executionGenesis} from "./genesis.mjs";
import {rpcCall} from "./rpc-call.mjs";

/** How long the client may take to answer its first request, in milliseconds. */
const START_TIMEOUT_MS = 60_000;

/** How long the client may take to close its databases before it is killed, in milliseconds. */
const STOP_TIMEOUT_MS = 5_000;

const clientProgram = fileURLToPath(import.meta.resolve("@ethereumjs/client"));
const guard = new URL("./child-guard.mjs", import.meta.url).href;

/**
 * The last lines of the client's log, for error messages.
 *
 * @param {string} logFile
 * @returns {string}
 */
function endOfLog(logFile) {
  return fs.readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}

/**
 * Starts the client and waits until it answers.
 *
 * @param {{dataDir: string, chainId: number, rpcPort: number, enginePort: number, peerPort: number}} options
 * @returns {Promise<{rpcUrl: string, engineUrl: string, pid: number, died: Promise<Error>, stop: () => Promise<void>}>}
 *   `died` resolves if the process ends without `stop`
 */
export async function startExecutionClient({dataDir, chainId, rpcPort, enginePort, peerPort}) {
  const genesisFile = path.join(dataDir, "genesis.json");
  const logFile = path.join(dataDir, "execution.log");
  fs.writeFileSync(genesisFile, JSON.stringify(executionGenesis({chainId}), null, 2));

  const log = fs.openSync(logFile, "a");
  const child = forkProcess(
    clientProgram,
    [
      ["--gethGenesis", genesisFile],
      ["--dataDir", path.join(dataDir, "execution")],
      ["--rpc", "--rpcAddr", LOOPBACK, "--rpcPort", rpcPort],
      // The Engine API is reachable on loopback only; a token would protect nothing on a throw-away chain.
      ["--rpcEngine", "--rpcEngineAddr", LOOPBACK, "--rpcEnginePort", enginePort, "--rpcEngineAuth", "false"],
      ["--wsEngineAddr", LOOPBACK, "--wsEnginePort", enginePort],
      ["--saveReceipts", "--txLookupLimit", 0],
      ["--isSingleNode", "--sync", "none", "--discV4", "false", "--discDns", "false"],
      ["--extIP", LOOPBACK, "--port", peerPort],
      // Standard output is the log; a second copy on disk at debug level would grow without limit.
      ["--logLevel", "warn", "--no-logFile"],
    ].flat().map(String),
    {
      execArgv: ["--import", guard],
      cwd: dataDir,
      stdio: ["ignore", log, log, "ipc"],
      // A group of its own: Ctrl-C in a terminal reaches only the parent, which then stops the client in order.
      detached: true,
    }
  );
  fs.closeSync(log);

  let stopping = false;
  const exited = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
    child.once("error", (error) => resolve(error.message));
  });
  const died = new Promise((resolve) => {
    exited.then((how) => {
      if (!stopping) resolve(new Error(`the execution client ended (${how}). End of its log:\n${endOfLog(logFile)}`));
    });
  });

  const stop = async () => {
    stopping = true;
    const killer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.kill("SIGTERM");
    await exited;
    clearTimeout(killer);
  };

  const rpcUrl = `http://${LOOPBACK}:${rpcPort}`;
  const engineUrl = `http://${LOOPBACK}:${enginePort}`;
  try {
    await Promise.race([waitForAnswers([rpcUrl, engineUrl]), died.then((error) => Promise.reject(error))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {rpcUrl, engineUrl, pid: child.pid, died, stop};
}

/**
 * Waits until every URL answers `eth_chainId`.
 *
 * @param {string[]} urls
 */
async function waitForAnswers(urls) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (const url of urls) {
    for (;;) {
      try {
        await rpcCall(url, "eth_chainId");
        break;
      } catch (error) {
        if (Date.now() > deadline) {
          throw new Error(`the execution client did not answer on ${url} within ${START_TIMEOUT_MS / 1000} s: ${error.message}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}
