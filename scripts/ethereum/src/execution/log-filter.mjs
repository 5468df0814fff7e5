/**
 * `eth_getLogs` as the specification has it, on top of a client that looks at the first topic only, fails on logs
 * without topics, knows no tags but two, and cuts its answer short without saying so.
 */
import {blockNumberOf} from "./block-ids.mjs";

/** The client refuses a wider range of blocks. */
const CLIENT_MAX_BLOCKS = 2500;

/** The client stops after the block in which it reaches this many logs, without saying so. */
const CLIENT_MAX_LOGS = 10_000;

const hex = (number) => `0x${number.toString(16)}`;

/**
 * Says whether a log has the topics a filter asks for.
 *
 * @param {string[]} have topics of the log
 * @param {(null | string | string[])[]} want by position: anything, one topic, or one of several
 * @returns {boolean}
 */
export function topicsMatch(have, want) {
  if (want.length > have.length) return false;
  return want.every((choice, position) => {
    if (choice === null || choice === undefined) return true;
    const choices = Array.isArray(choice) ? choice : [choice];
    return choices.length === 0 || choices.some((topic) => topic.toLowerCase() === have[position].toLowerCase());
  });
}

/** All logs of some addresses from one block to another, by as many questions as it takes. */
async function logsInRange(from, to, address, call) {
  if (to - from < CLIENT_MAX_BLOCKS) {
    const range = {fromBlock: hex(from), toBlock: hex(to)};
    const logs = await call("eth_getLogs", [address ? {...range, address} : range]);
    if (logs.length < CLIENT_MAX_LOGS || from === to) return logs;
  }
  const middle = Math.floor((from + to) / 2);
  const earlier = await logsInRange(from, middle, address, call);
  return earlier.concat(await logsInRange(middle + 1, to, address, call));
}

/**
 * Answers `eth_getLogs`.
 *
 * @param {unknown[]} params
 * @param {(method: string, params: unknown[]) => Promise<any>} call to the execution client
 * @returns {Promise<object[]>}
 */
export async function getLogs([filter = {}], call) {
  const {blockHash, fromBlock, toBlock, address, topics} = filter;
  const number = (id) => blockNumberOf(id, "eth_getLogs", call);
  const head = Number(await call("eth_blockNumber", []));
  const from = await number(blockHash ?? fromBlock);
  const to = Math.min(await number(blockHash ?? toBlock), head);
  if (from > to) return [];
  const logs = await logsInRange(from, to, address, call);
  return logs.filter((log) => topicsMatch(log.topics, topics ?? []));
}
