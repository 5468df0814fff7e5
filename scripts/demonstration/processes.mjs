// Processes of the demonstration: started with their output in a file, stopped together, none left behind.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Processes with their logs in one folder. */
export class Processes {
  #running = [];
  #stopping = false;

  constructor(folder) {
    this.folder = folder;
  }

  /** Start a process; it is an error if it ends before the others are stopped. `onFailure` hears of that. */
  start(name, command, args, { env = {}, onFailure } = {}) {
    const path = join(this.folder, `${name}.log`);
    const log = openSync(path, 'a');
    // Its stdin is a pipe that closes with us: what watches it ends even if we are killed.
    const child = spawn(command, args, { stdio: ['pipe', log, log], env: { ...process.env, ...env } });
    closeSync(log);
    const process_ = { name, child, expected: false };
    process_.ended = new Promise((resolve) => {
      child.on('error', (error) => { onFailure?.(new Error(`${name} did not start: ${error.message}`)); resolve(); });
      child.on('exit', (code, signal) => {
        if (!this.#stopping && !process_.expected) {
          onFailure?.(new Error(`${name} ended (${signal ?? code}). The end of ${path}:\n${tail(path)}`));
        }
        resolve();
      });
    });
    this.#running.push(process_);
    return { child, path };
  }

  /** Kill a process as a crash would, without giving it time to end. */
  async crash(name) {
    const index = this.#running.findLastIndex((process_) => process_.name === name);
    const [process_] = this.#running.splice(index, 1);
    process_.expected = true;
    process_.child.kill('SIGKILL');
    await process_.ended;
  }

  /** Stop everything, last started first. */
  async stop() {
    this.#stopping = true;
    for (const { child, ended } of this.#running.reverse()) {
      child.kill('SIGTERM');
      const killed = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(killed);
    }
    this.#running = [];
  }
}

/** The last lines of a file. */
export function tail(path, lines = 25) {
  return readFileSync(path, 'utf8').split('\n').slice(-lines).join('\n');
}

/** Run a command to its end; resolves to its standard output, rejects with its standard error. */
export function run(command, args, { env = {}, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { errors += chunk; });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ${args.join(' ')} failed (${code}):\n${errors || out}`));
    });
  });
}

/** Ask until the answer is neither null nor an error. */
export async function until(what, ask, { seconds = 120, every = 500 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  throw new Error(`${what}: not within ${seconds} s${last ? ` (${last.message})` : ''}`);
}
