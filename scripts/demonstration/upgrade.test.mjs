// An upgrade of the runtime: a chain as it was before a pallet gets the runtime of the next version by `set_code`, the pallet's migration runs, and the chain goes on.
// Needs `scripts/rehearsal`, which builds that runtime.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Processes, freePort, until } from './processes.mjs';
import { Weft } from './weft.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-upgrade-'));
const processes = new Processes(folder);

const fromPolkadot = createRequire(join(root, 'node/tests/polkadot-js/package.json'));
const { ApiPromise, Keyring, WsProvider } = fromPolkadot('@polkadot/api');
const { xxhashAsHex } = fromPolkadot('@polkadot/util-crypto');

let api;
const alice = () => new Keyring({ type: 'sr25519' }).addFromUri('//Alice');

after(async () => {
  await api?.disconnect();
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A call made as root. */
const rooted = (call) => api.tx.sudo.sudoUncheckedWeight(call, { refTime: 0, proofSize: 0 });

/** Send as root and wait until the transaction is in a block; rejects where the call failed inside. */
function asRoot(call) {
  return new Promise((resolve, reject) => {
    rooted(call).signAndSend(alice(), { nonce: -1 }, ({ status, events }) => {
      if (!status.isInBlock) return;
      const done = events.find(({ event }) => api.events.sudo.Sudid.is(event));
      if (done?.event.data[0].isOk) resolve();
      else reject(new Error(`${done?.event.data[0] ?? 'the transaction failed'}`));
    }).catch(reject);
  });
}

test('a chain gets a newer runtime, which migrates its storage, and goes on', { timeout: 300_000 }, async () => {
  const port = await freePort();
  processes.start('node', join(bin, 'weft-node'), [
    '--dev', '--base-path', join(folder, 'node'), '--rpc-port', String(port), '--port', String(await freePort()),
    '--prometheus-port', String(await freePort()), '--no-telemetry',
  ]);
  const weft = new Weft(`http://127.0.0.1:${port}`);
  await until('a block that BEEFY signed', async () => (await weft.signedHeight()) > 0, { seconds: 180 });
  api = await ApiPromise.create({ provider: new WsProvider(`ws://127.0.0.1:${port}`), noInitWarn: true });

  // As before there was the pallet: nothing of it in the storage, not even its version.
  const prefix = xxhashAsHex('Gateways', 128);
  await asRoot(api.tx.system.killPrefix(prefix, 1_000));
  assert.deepEqual(await weft.request('state_getKeysPaged', prefix, 10), []);

  const { specVersion: before } = await weft.request('state_getRuntimeVersion');
  const code = `0x${readFileSync(join(root, 'target/rehearsal/weft_runtime.wasm')).toString('hex')}`;
  // Not followed to its block: its events are of the old runtime, and the client may read them by the new one's metadata.
  await rooted(api.tx.system.setCode(code)).signAndSend(alice());
  await until('the newer runtime', async () => (await weft.request('state_getRuntimeVersion')).specVersion === before + 1);
  await until('the migration', async () => (await weft.request('state_getKeysPaged', prefix, 10)).length > 0);
  const [set] = [await weft.validatorSets()];
  // The newest set: a SCALE u64.
  const newest = await weft.request('state_getStorage', prefix + xxhashAsHex('NewestSet', 128).slice(2));
  assert.equal(Buffer.from(newest.slice(2), 'hex').readBigUInt64LE(), set.current.id);
  const version = await weft.request('state_getStorage', prefix + xxhashAsHex(':__STORAGE_VERSION__:', 128).slice(2));
  assert.equal(version, '0x0100');

  const height = await weft.signedHeight();
  await until('blocks that BEEFY signed after it', async () => (await weft.signedHeight()) > height + 3);
  // The same runtime is not taken twice.
  await assert.rejects(asRoot(api.tx.system.setCode(code)), /"error":"0x01000000"/);
});
