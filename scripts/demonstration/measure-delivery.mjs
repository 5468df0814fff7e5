// Measures how long a message takes from the block of Weft that holds it to Ethereum, on a network of four and an Ethereum with a block every two seconds.
//   WEFT_BIN=target/debug node scripts/demonstration/measure-delivery.mjs [COUNT]
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '../../contracts/deploy.mjs';
import { Ethereum, artifact } from '../../contracts/ethereum.mjs';
import { Network } from './network.mjs';
import { Processes, freePort, until } from './processes.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-delivery-'));
const processes = new Processes(folder);
const { ApiPromise, Keyring, WsProvider } = createRequire(join(root, 'node/tests/polkadot-js/package.json'))('@polkadot/api');

/** A development account of Ethereum, which has funds on every local one. */
const ETHEREUM_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

/** Median and the largest of nine in ten. */
function summary(seconds) {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
  return { median: at(0.5), ninetieth: at(0.9), most: at(1) };
}

async function main() {
  const count = Number(process.argv[2] ?? 20);
  const network = new Network({ bin, processes, folder, epochBlocks: 50 });
  const nodes = [];
  for (let index = 0; index < 4; index += 1) nodes.push(await network.start(index));
  const [{ weft, url }] = nodes;
  await until('a block that BEEFY signed', async () => (await weft.signedHeight()) > 5, { seconds: 180 });
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  const port = await freePort();
  processes.start('anvil', join(root, 'contracts/node_modules/.bin/anvil'), ['--port', `${port}`, '--hardfork', 'osaka', '--block-time', '2', '--silent']);
  const ethereum = new Ethereum(`http://127.0.0.1:${port}`, ETHEREUM_KEY);
  await until('Ethereum', () => ethereum.request('eth_chainId'));
  const chainId = Number(await ethereum.request('eth_chainId'));
  const { current, next } = await weft.validatorSets();
  const { addresses } = await deploy(ethereum, {
    weftGenesis: await weft.genesis(), current, next, namedAt: await weft.time(), trustPeriod: 604_800n,
  });
  const gateway = { address: addresses.gateway, abi: artifact('Gateway').abi };
  processes.start('relay', join(bin, 'weft-worker'), [
    'relay', '--node', url, '--ethereum', `http://127.0.0.1:${port}`, '--gateway', gateway.address, '--poll', '1',
  ], { env: { WEFT_ETHEREUM_KEY: ETHEREUM_KEY } });

  const series = { final: [], signed: [], accepted: [], pastFinality: [] };
  for (let index = 0; index < count; index += 1) {
    const nonce = Number(await api.query.outbox.nextNonce());
    const successor = `0x${(index + 1).toString(16).padStart(40, '0')}`;
    const order = api.tx.sudo.sudo(api.tx.outbox.order(chainId, gateway.address, { AnnounceSuccessor: { successor } }));
    const block = await new Promise((resolve, reject) => {
      order.signAndSend(alice, { nonce: -1 }, ({ status }) => { if (status.isInBlock) resolve(status.asInBlock.toHex()); }).catch(reject);
    });
    const [settled, height] = [Date.now(), await weft.height(block)];
    const reached = (height_) => until('a height', async () => (await height_()) >= height, { every: 100 }).then(() => (Date.now() - settled) / 1000);
    const [final, signed, accepted] = await Promise.all([
      reached(async () => weft.height(await weft.request('chain_getFinalizedHead'))),
      // The message is under the root that the next block makes.
      reached(async () => (await weft.signedHeight()) - 1),
      until('delivery', async () => Number(await ethereum.read(gateway, 'statusOf', [BigInt(nonce)])) > 0, { every: 100 }).then(() => (Date.now() - settled) / 1000),
    ]);
    series.final.push(final);
    series.signed.push(signed);
    series.accepted.push(accepted);
    series.pastFinality.push(accepted - final);
  }
  await api.disconnect();
  for (const [name, seconds] of Object.entries(series)) console.log(JSON.stringify({ name, ...summary(seconds) }));
}

main().catch((error) => { console.error(error); process.exitCode = 1; }).finally(async () => {
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});
