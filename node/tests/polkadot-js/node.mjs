// Starts a development node on a free port, and stops it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The node's binary: $WEFT_NODE, or the one that cargo built. */
function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../../../target');
  const candidates = [process.env.WEFT_NODE, join(target, 'debug/weft-node'), join(homedir(), '.cache/weft/target/debug/weft-node')];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error('no weft-node: run "cargo build -p weft-node" first, or set WEFT_NODE');
  return found;
}

/** A port that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Start a development chain; resolves to its WebSocket URL and a function that stops it. */
export async function startNode() {
  const port = await freePort();
  const child = spawn(binary(), ['--dev', '--tmp', '--rpc-port', String(port), '--port', '0', '--no-prometheus', '--no-telemetry'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => { log = (log + chunk).slice(-20_000); });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const stop = async () => { child.kill('SIGTERM'); await ended; };
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the node ended:\n${log}`);
    const up = await fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.ok, () => false);
    if (up) return { url: `ws://127.0.0.1:${port}`, stop };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await stop();
  throw new Error(`the node did not answer within two minutes:\n${log}`);
}
