import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import {describe, it} from "node:test";
import {OptionError, parseOptions} from "../src/options.mjs";
import {runProgram, spawnProgram, startLocalNetwork, waitFor} from "./local-network.mjs";

/** Whether a process is alive. A zombie, whose parent has not collected it, is not. */
function isAlive(pid) {
  try {
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const isDead = (pid) => waitFor(async () => !isAlive(pid), 10_000);

describe("the options", () => {
  it("have the defaults that the help names", () => {
    const options = parseOptions([]);
    assert.deepEqual(
      [options.rpcPort, options.enginePort, options.beaconPort, options.secondsPerSlot, options.chainId],
      [8545, 8551, 9597, 2, 1337]
    );
    assert.deepEqual([options.preset, options.fork, options.dataDir], ["minimal", "fulu", undefined]);
  });

  it("refuse what they do not know, naming what is allowed", () => {
    const refused = [
      [["--nonsense"], /nonsense/],
      [["stray"], /stray/],
      [["--rpc-port", "70000"], /0 to 65535/],
      [["--rpc-port", "-1"], /rpc-port/],
      [["--seconds-per-slot", "0"], /1 to 3600/],
      [["--seconds-per-slot", "0.5"], /whole number/],
      [["--preset", "gnosis"], /minimal or mainnet/],
      [["--fork", "deneb"], /electra or fulu/],
      [["--rpc-port", "9597"], /its own port/],
    ];
    for (const [args, message] of refused) {
      assert.throws(() => parseOptions(args), (error) => error instanceof OptionError && message.test(error.message));
    }
  });
});

describe("the program", () => {
  it("ends with 2 and points to the help on a wrong option", async () => {
    const {code, stdout, stderr} = await runProgram(["--preset", "gnosis"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /--preset must be minimal or mainnet.*\n.*--help/);
  });

  it("ends with 1 and names the port and its option if a port is in use", async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await waitFor(async () => server.listening);
    const {port} = server.address();
    for (const option of ["--rpc-port", "--engine-port", "--beacon-port"]) {
      const {code, stderr} = await runProgram([option, String(port)]);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`port ${port} is in use.*${option}`));
    }
    server.close();
  });

  it("ends with 1 on a data directory that is not empty, and leaves it alone", async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "weft-test-"));
    fs.writeFileSync(path.join(dir, "precious"), "");
    const {code, stderr} = await runProgram(["--data-dir", dir]);
    assert.equal(code, 1);
    assert.match(stderr, /not empty/);
    assert.deepEqual(fs.readdirSync(dir), ["precious"]);
    fs.rmSync(dir, {recursive: true});
  });

  it("leaves no process and no temporary directory when it is told to stop, and listens on loopback only", async () => {
    const network = await startLocalNetwork([]);
    const {dataDir, executionPid} = network.endpoints;
    assert.ok(isAlive(executionPid));
    const sockets = fs.readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/));
    const owned = new Set(
      [executionPid, network.child.pid].flatMap((pid) =>
        fs.readdirSync(`/proc/${pid}/fd`).map((fd) => {
          try {
            return /socket:\[(\d+)\]/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
          } catch {
            return undefined;
          }
        })
      )
    );
    const listening = sockets.filter((socket) => socket[3] === "0A" && owned.has(socket[9]));
    assert.ok(listening.length >= 4);
    for (const socket of listening) assert.match(socket[1], /^0100007F:/, "not on 127.0.0.1");

    network.child.kill("SIGINT");
    assert.deepEqual(await network.exited, [0, null]);
    await isDead(executionPid);
    assert.ok(!fs.existsSync(dataDir));
  });

  it("takes its execution client with it even when it is killed outright", async () => {
    const network = await startLocalNetwork([]);
    network.child.kill("SIGKILL");
    await network.exited;
    await isDead(network.endpoints.executionPid);
    fs.rmSync(network.endpoints.dataDir, {recursive: true, force: true});
  });

  it("stops at any moment of its start, and leaves no process", async () => {
    for (const delayMs of [300, 1200, 3000]) {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), "weft-test-"));
      const running = spawnProgram(["--fast-forward", "10000", "--data-dir", dir]);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      running.child.kill("SIGINT");
      const {code, signal, stdout} = await running.ended;
      // Before the program has set its handlers, the signal itself ends it.
      assert.ok(code === 0 || signal === "SIGINT", `ended with ${code} ${signal}`);
      assert.equal(stdout, "");
      const commandLines = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => {
        try {
          return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
        } catch {
          return "";
        }
      });
      assert.deepEqual(commandLines.filter((line) => line.includes(dir)), []);
      fs.rmSync(dir, {recursive: true});
    }
  });

  it("stops when its standard input closes, if asked to", async () => {
    const network = await startLocalNetwork(["--until-stdin-closes"]);
    network.child.stdin.end();
    assert.deepEqual(await network.exited, [0, null]);
    await isDead(network.endpoints.executionPid);
  });

  it("ends with 1 and says why if the execution client dies", async () => {
    const network = await startLocalNetwork([]);
    process.kill(network.endpoints.executionPid, "SIGKILL");
    assert.deepEqual(await network.exited, [1, null]);
    assert.ok(!fs.existsSync(network.endpoints.dataDir));
  });
});
