// A relayer that was away while committees changed brings Weft, update by update, to where Ethereum was when it came back. Real processes:
// a local Ethereum whose slots come as fast as they can, a validator, the relayer.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Processes, freePort, run, until } from './processes.mjs';
import { Weft } from './weft.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-catch-up-'));
const processes = new Processes(folder);

/** Slots of a sync committee's period in the minimal preset. */
const PERIOD = 64;
/** How many committees change while the relayer is away. */
const AWAY = 5;

after(async () => {
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a relayer that was away for several committees catches up', { timeout: 300_000 }, async () => {
  const [rpc, engine, beacon, port] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const { path } = processes.start('ethereum', process.execPath, [
    join(root, 'scripts/ethereum/main.mjs'), '--rpc-port', rpc, '--engine-port', engine, '--beacon-port', beacon,
    '--fast', '--fast-forward', '33', '--until-stdin-closes',
  ].map(String));
  const chain = await until('the local Ethereum', async () => {
    const line = readFileSync(path, 'utf8').split('\n').find((text) => text.startsWith('{"ready"'));
    return line ? JSON.parse(line) : null;
  });
  processes.start('node', join(bin, 'weft-node'), [
    '--dev', '--base-path', join(folder, 'node'), '--rpc-port', String(port), '--port', String(await freePort()),
    '--prometheus-port', String(await freePort()), '--no-telemetry',
  ]);
  const weft = new Weft(`http://127.0.0.1:${port}`);
  await until('the first block', async () => (await weft.height()) > 0);

  const networks = ['--node', `ws://127.0.0.1:${port}`, '--ethereum', chain.rpc, '--beacon', chain.beacon];
  // Late in a period a checkpoint may need a second one (docs/decisions/light-client.md); it is taken again then.
  const start = await until('a checkpoint in the first half of a period', async () => {
    await run(join(bin, 'weft-worker'), ['checkpoint', ...networks, '--key', '//Alice']);
    const followed = await weft.request('weft_ethereum');
    return followed.finalizedSlot % PERIOD < PERIOD / 2 ? followed : null;
  });

  const finalSlot = async () => {
    const response = await fetch(`${chain.beacon}/eth/v1/beacon/headers/finalized`);
    return Number((await response.json()).data.header.message.slot);
  };
  await until('committees to change', async () => (await finalSlot()) / PERIOD > start.period + AWAY, { seconds: 180 });
  const there = await finalSlot();
  processes.start('relay', join(bin, 'weft-worker'), ['relay', ...networks, '--key', '//Charlie']);
  const caught = await until('the relayer to catch up', async () => {
    const followed = await weft.request('weft_ethereum');
    return followed.finalizedSlot >= there ? followed : null;
  }, { seconds: 180 });
  assert.ok(caught.period >= start.period + AWAY, `from period ${start.period} to ${caught.period}`);
  assert.ok(caught.newestBlock.number > start.newestBlock.number);
});
