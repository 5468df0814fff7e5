/**
 * Command-line options of the local Ethereum.
 */
import {parseArgs} from "node:util";

/** A wrong command line. The message says what to do about it. */
export class OptionError extends Error {}

/** What `--help` prints. */
export const usage = `Usage: scripts/ethereum/start [options]

Starts an execution client and a beacon chain on loopback and prints one JSON line when both are ready.

  --rpc-port N          JSON-RPC of the execution client           (default 8545; 0 = any free port)
  --engine-port N       Engine API of the execution client         (default 8551; 0 = any free port)
  --beacon-port N       beacon REST API                            (default 9597; 0 = any free port)
  --seconds-per-slot N  whole seconds, 1 or more                   (default 2)
  --fast-forward N      produce the first N slots back to back, then report ready (default 0)
  --fast                produce every slot back to back, without waiting for the clock
  --preset NAME         minimal (8 slots an epoch, 32 sync committee members)
                        or mainnet (32 and 512)                    (default minimal)
  --fork NAME           electra or fulu, of the beacon chain         (default fulu)
  --chain-id N          chain id of the execution chain            (default 1337)
  --data-dir DIR        an empty or new directory that is kept     (default: a temporary one, removed at exit)
  --until-stdin-closes  also stop when standard input closes, so that the network cannot outlive its caller
  --verbose             one line per slot on standard error
  --help                this text
`;

const OPTIONS = {
  "rpc-port": {type: "string", default: "8545"},
  "engine-port": {type: "string", default: "8551"},
  "beacon-port": {type: "string", default: "9597"},
  "seconds-per-slot": {type: "string", default: "2"},
  "fast-forward": {type: "string", default: "0"},
  fast: {type: "boolean", default: false},
  preset: {type: "string", default: "minimal"},
  fork: {type: "string", default: "fulu"},
  "chain-id": {type: "string", default: "1337"},
  "data-dir": {type: "string"},
  "until-stdin-closes": {type: "boolean", default: false},
  verbose: {type: "boolean", default: false},
  help: {type: "boolean", default: false},
};

/**
 * Reads a whole number in a range.
 *
 * @param {string} name option name without dashes
 * @param {string} text what the user gave
 * @param {number} min smallest value allowed
 * @param {number} max largest value allowed
 * @returns {number}
 */
function wholeNumber(name, text, min, max) {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw new OptionError(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

/**
 * Reads one of a fixed list of names.
 *
 * @param {string} name option name without dashes
 * @param {string} text what the user gave
 * @param {string[]} allowed
 * @returns {string}
 */
function oneOf(name, text, allowed) {
  if (!allowed.includes(text)) {
    throw new OptionError(`--${name} must be ${allowed.join(" or ")}, not "${text}"`);
  }
  return text;
}

/**
 * Parses the command line.
 *
 * @param {string[]} args arguments after the program's name
 * @returns {object} the options by their camel-case names; throws {@link OptionError} on a wrong one
 */
export function parseOptions(args) {
  let values;
  try {
    ({values} = parseArgs({args, options: OPTIONS, allowPositionals: false}));
  } catch (error) {
    throw new OptionError(error.message);
  }
  const ports = {};
  for (const name of ["rpc-port", "engine-port", "beacon-port"]) {
    ports[name] = wholeNumber(name, values[name], 0, 65535);
  }
  const given = Object.entries(ports).filter(([, port]) => port !== 0);
  for (const [name, port] of given) {
    const twin = given.find(([other, otherPort]) => other !== name && otherPort === port);
    if (twin) throw new OptionError(`--${name} and --${twin[0]} are both ${port}; give each its own port`);
  }
  return {
    help: values.help,
    rpcPort: ports["rpc-port"],
    enginePort: ports["engine-port"],
    beaconPort: ports["beacon-port"],
    secondsPerSlot: wholeNumber("seconds-per-slot", values["seconds-per-slot"], 1, 3600),
    fastForward: wholeNumber("fast-forward", values["fast-forward"], 0, 100_000),
    fast: values.fast,
    preset: oneOf("preset", values.preset, ["minimal", "mainnet"]),
    fork: oneOf("fork", values.fork, ["electra", "fulu"]),
    chainId: wholeNumber("chain-id", values["chain-id"], 1, 2 ** 31),
    dataDir: values["data-dir"],
    untilStdinCloses: values["until-stdin-closes"],
    verbose: values.verbose,
  };
}
