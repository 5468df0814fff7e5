// A run over what an input cannot hold: the receipts of whole blocks, as advice that the program proves, and fields of the beacon chain. Real
// processes: a local Ethereum, a validator, the relayer, a worker.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ethereum, artifact } from '../../contracts/ethereum.mjs';
import { Processes, freePort, run, tail, until } from './processes.mjs';
import { sendTransfers, sumByLogs } from './transfers.mjs';
import { Weft } from './weft.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-sources-'));
const processes = new Processes(folder);
const example = join(root, 'zkgraphs/examples/large-blocks');

after(async () => {
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The example, for the token with this address, with fields of the beacon chain beside the headers. */
function project(token) {
  const path = join(folder, 'large-blocks');
  mkdirSync(path);
  cpSync(join(example, 'src'), join(path, 'src'), { recursive: true });
  cpSync(join(example, 'Cargo.lock'), join(path, 'Cargo.lock'));
  const rewrite = (name, ...changes) => {
    let text = readFileSync(join(example, name), 'utf8');
    for (const [from, to] of changes) {
      assert.ok(text.includes(from), `${name} has ${from}`);
      text = text.replace(from, to);
    }
    writeFileSync(join(path, name), text);
  };
  const bytes = Array.from(Buffer.from(token.slice(2), 'hex')).join(', ');
  rewrite('Cargo.toml', ['"../../sdk"', JSON.stringify(join(root, 'zkgraphs/sdk'))]);
  rewrite('src/lib.rs', ['[0x11; 20]', `[${bytes}]`]);
  rewrite('weft.toml', ['0x1111111111111111111111111111111111111111', token]);
  const beacon = `
[[source]]
kind = "beacon"
chain = "\${CHAIN}"
fork = "fulu"
preset = "minimal"
fields = ["slot", "body.execution_payload.block_number", "state.validators[3].effective_balance"]
`;
  writeFileSync(join(path, 'weft.toml'), readFileSync(join(path, 'weft.toml'), 'utf8') + beacon);
  return path;
}

test('receipts as advice and fields of the beacon chain settle in one run', { timeout: 400_000 }, async () => {
  const [rpc, engine, beacon, port] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const { path } = processes.start('ethereum', process.execPath, [
    join(root, 'scripts/ethereum/main.mjs'), '--rpc-port', rpc, '--engine-port', engine, '--beacon-port', beacon,
    '--fast-forward', '33', '--seconds-per-slot', '1', '--until-stdin-closes',
  ].map(String));
  const chain = await until('the local Ethereum', async () => {
    const line = readFileSync(path, 'utf8').split('\n').find((text) => text.startsWith('{"ready"'));
    return line ? JSON.parse(line) : null;
  });
  processes.start('node', join(bin, 'weft-node'), [
    '--dev', '--base-path', join(folder, 'node'), '--rpc-port', String(port), '--port', String(await freePort()),
    '--prometheus-port', String(await freePort()), '--no-telemetry',
  ]);
  const node = new Weft(`http://127.0.0.1:${port}`);
  const url = `ws://127.0.0.1:${port}`;
  await until('the first block', async () => (await node.height()) > 0);
  const networks = ['--node', url, '--ethereum', chain.rpc, '--beacon', chain.beacon];
  await run(join(bin, 'weft-worker'), ['checkpoint', ...networks, '--key', '//Alice']);
  processes.start('relay', join(bin, 'weft-worker'), ['relay', ...networks, '--key', '//Charlie']);
  const { path: log } = processes.start('compute', join(bin, 'weft-worker'), [
    'compute', ...networks, '--key', '//Bob', '--work-dir', join(folder, 'work'),
  ]);

  const [deployer, ...others] = chain.accounts;
  const ethereum = new Ethereum(chain.rpc, deployer.privateKey);
  const { address } = await ethereum.create('TestToken', [10n ** 24n]);
  const token = { address, abi: artifact('TestToken').abi };
  const start = Number(await ethereum.request('eth_blockNumber')) + 1;
  const receipts = await sendTransfers(ethereum, token, others.slice(0, 5).map((other) => other.address));
  const last = Math.max(...receipts.map(({ blockNumber }) => Number(blockNumber)));

  const weft = async (...args) => JSON.parse(await run(join(bin, 'weft'), ['--json', ...args]));
  const at = ['--project', project(address)];
  await weft('compile', ...at);
  const signed = ['--node', url, '--account', '//Alice'];
  await weft('publish', ...at, '--set', `CHAIN=${chain.chainId ?? 1337}`, '--set', `START=${start}`, ...signed);
  await until('finality', async () => (await node.request('weft_ethereum')).newestBlock?.number >= last, { seconds: 180 });
  const blocks = ['--block', `${start}..${last}`, '--block', String(last)];
  const settled = await weft('run', ...at, '--rpc', chain.rpc, ...blocks, ...signed).catch((error) => {
    throw new Error(`${error.message}\nThe worker says:\n${tail(log)}`);
  });
  assert.equal(settled.status, 'settled', JSON.stringify(settled));
  const { volume } = await sumByLogs(ethereum, token, start, last);
  const status = await weft('status', ...at, '--node', url);
  assert.equal(BigInt(status.state), volume, JSON.stringify(status));
});
