/**
 * Entry point of the local Ethereum: reads the options, starts the network, prints the ready line, stops on a signal.
 *
 * Exit codes: 0 stopped by a signal (or by a closed standard input), 1 the network failed, 2 a wrong command line.
 */
import {OptionError, parseOptions, usage} from "./src/options.mjs";

let options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  process.stderr.write(`${error.message}\nRun with --help to see every option.\n`);
  process.exit(2);
}
if (options.help) {
  process.stdout.write(usage);
  process.exit(0);
}

// Lodestar reads the preset once, when it is first imported; hence the environment variable and the late import.
process.env.LODESTAR_PRESET = options.preset;
const {startNetwork} = await import("./src/network.mjs");

const starting = startNetwork(options);
let ending = false;

/**
 * Stops everything and ends the process.
 *
 * @param {number} code exit code
 */
async function end(code) {
  if (ending) return;
  ending = true;
  try {
    const network = await starting;
    await network.stop();
  } catch {
    // A network that failed to start has cleaned up and has been reported below.
  }
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(0));
if (options.untilStdinCloses) {
  process.stdin.on("end", () => end(0)).on("close", () => end(0)).on("error", () => end(0));
  process.stdin.resume();
}

try {
  const network = await starting;
  network.failed.then((error) => {
    if (ending) return;
    process.stderr.write(`The local Ethereum stopped: ${error.message}\n`);
    end(1);
  });
  await network.ready;
  if (!ending) process.stdout.write(`${JSON.stringify({ready: true, ...network.endpoints})}\n`);
} catch (error) {
  if (!ending) {
    process.stderr.write(`The local Ethereum did not start: ${error.message}\n`);
    await end(1);
  }
}
