// What an Ethereum account lives through: its transaction vanishes from the pool, its block is reorganised away, another transaction takes its nonce, one with a
// later nonce waits. The relayer brings every message all the same, and nothing arrives twice. Real processes; the Ethereum is Anvil, which does such things on demand.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deploy } from '../../contracts/deploy.mjs';
import { Ethereum, artifact } from '../../contracts/ethereum.mjs';
import { Processes, freePort, tail, until } from './processes.mjs';
import { Weft } from './weft.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-mempool-'));
const processes = new Processes(folder);

const { ApiPromise, Keyring, WsProvider } = createRequire(join(root, 'node/tests/polkadot-js/package.json'))('@polkadot/api');
const { privateKeyToAccount } = createRequire(join(root, 'contracts/package.json'))('viem/accounts');

/** Development accounts of Anvil: the deployer and the relayer. */
const DEPLOYER = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const RELAYER = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';

let api;
let root_;
let ethereum;
let gateway;
const relayer = privateKeyToAccount(RELAYER);

before(async () => {
  const [port, rpc] = [await freePort(), await freePort()];
  processes.start('node', join(bin, 'weft-node'), [
    '--dev', '--base-path', join(folder, 'node'), '--rpc-port', String(port), '--port', String(await freePort()),
    '--prometheus-port', String(await freePort()), '--no-telemetry',
  ]);
  const weft = new Weft(`http://127.0.0.1:${port}`);
  await until('a block that BEEFY signed', async () => (await weft.signedHeight()) > 0, { seconds: 180 });
  api = await ApiPromise.create({ provider: new WsProvider(`ws://127.0.0.1:${port}`), noInitWarn: true });
  root_ = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  processes.start('anvil', join(root, 'contracts/node_modules/.bin/anvil'), ['--port', `${rpc}`, '--hardfork', 'osaka', '--silent']);
  ethereum = new Ethereum(`http://127.0.0.1:${rpc}`, DEPLOYER);
  await until('Ethereum', () => ethereum.request('eth_chainId'));
  const { current, next } = await weft.validatorSets();
  const { addresses } = await deploy(ethereum, {
    weftGenesis: await weft.genesis(), current, next, namedAt: await weft.time(), trustPeriod: 604_800n,
  });
  gateway = { address: addresses.gateway, abi: artifact('Gateway').abi };
  // From now on blocks are made when the test wants them.
  await ethereum.request('evm_setAutomine', false);
  processes.start('relay', join(bin, 'weft-worker'), [
    'relay', '--node', `ws://127.0.0.1:${port}`, '--ethereum', `http://127.0.0.1:${rpc}`, '--gateway', gateway.address, '--poll', '1',
  ], { env: { WEFT_ETHEREUM_KEY: RELAYER } });
}, { timeout: 300_000 });

after(async () => {
  await api?.disconnect();
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A message that needs no run: an order of root. Its nonce. */
async function order(number) {
  const nonce = Number(await api.query.outbox.nextNonce());
  const successor = `0x${(number + 1).toString(16).padStart(40, '0')}`;
  const chainId = Number(await ethereum.request('eth_chainId'));
  const call = api.tx.sudo.sudo(api.tx.outbox.order(chainId, gateway.address, { AnnounceSuccessor: { successor } }));
  await new Promise((resolve, reject) => {
    call.signAndSend(root_, { nonce: -1 }, ({ status, dispatchError }) => {
      if (dispatchError) reject(new Error(`${dispatchError}`));
      if (status.isInBlock) resolve();
    }).catch(reject);
  });
  return nonce;
}

const mine = () => ethereum.request('evm_mine');
const accepted = async (nonce) => Number(await ethereum.read(gateway, 'statusOf', [BigInt(nonce)])) > 0;
const waiting = async () => {
  const { pending } = await ethereum.request('txpool_content');
  return Object.values(Object.entries(pending).find(([account]) => account.toLowerCase() === relayer.address.toLowerCase())?.[1] ?? {});
};
const pooled = () => until('a transaction in the pool', async () => (await waiting())[0], { seconds: 120 });

/** Make blocks until the message is there. */
const delivered = (nonce) => until('the message', async () => { await mine(); return accepted(nonce); }, { seconds: 150 }).catch((error) => {
  throw new Error(`${error.message}\n${tail(join(folder, 'relay.log'))}`);
});

/** keccak256("Accepted(uint64,bytes32,uint64,bytes32)") is what the gateway logs once for each message. */
const acceptances = async () => {
  const logs = await ethereum.request('eth_getLogs', { fromBlock: '0x0', toBlock: 'latest', address: gateway.address });
  const { toEventSelector } = createRequire(join(root, 'contracts/package.json'))('viem');
  const topic = toEventSelector('Accepted(uint64,bytes32,uint64,bytes32)');
  return logs.filter(({ topics }) => topics[0] === topic).map(({ topics }) => Number(BigInt(topics[1])));
};

test('a transaction that vanished from the pool is sent again, with a higher fee', { timeout: 200_000 }, async () => {
  const nonce = await order(1);
  const lost = await pooled();
  await ethereum.request('anvil_dropAllTransactions');
  const again = await pooled();
  assert.equal(again.nonce, lost.nonce);
  assert.ok(BigInt(again.maxFeePerGas) > BigInt(lost.maxFeePerGas));
  await delivered(nonce);
});

test('a message whose block is reorganised away is brought again', { timeout: 200_000 }, async () => {
  const snapshot = await ethereum.request('evm_snapshot');
  const nonce = await order(2);
  await delivered(nonce);
  await ethereum.request('evm_revert', snapshot);
  assert.equal(await accepted(nonce), false);
  await delivered(nonce);
});

test('another transaction with the nonce is not waited for for ever', { timeout: 200_000 }, async () => {
  const nonce = await order(3);
  const own = await pooled();
  // The account's owner sends something else, and pays more for it.
  const raw = await relayer.signTransaction({
    type: 'eip1559', chainId: Number(own.chainId), nonce: Number(own.nonce), to: relayer.address, gas: 21_000n,
    maxFeePerGas: 10n * BigInt(own.maxFeePerGas), maxPriorityFeePerGas: 10n * BigInt(own.maxPriorityFeePerGas),
  });
  await ethereum.request('eth_sendRawTransaction', raw);
  await delivered(nonce);
});

test('a transaction with a later nonce, which waits for a gap to be filled, does not hold the relayer up', { timeout: 200_000 }, async () => {
  const count = Number(await ethereum.request('eth_getTransactionCount', relayer.address, 'latest'));
  const raw = await relayer.signTransaction({
    type: 'eip1559', chainId: Number(await ethereum.request('eth_chainId')), nonce: count + 2, to: relayer.address, gas: 21_000n,
    maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n,
  });
  await ethereum.request('eth_sendRawTransaction', raw);
  await delivered(await order(4));
});

test('a full pool that refuses is tried again', { timeout: 200_000 }, async () => {
  // A base fee above what the relayer offers keeps its transaction out until the fee has fallen.
  const nonce = await order(5);
  const own = await pooled();
  await ethereum.request('anvil_setNextBlockBaseFeePerGas', `0x${(BigInt(own.maxFeePerGas) * 2n).toString(16)}`);
  await mine();
  assert.equal(await accepted(nonce), false);
  await delivered(nonce);
});

test('every message was accepted once', async () => {
  const nonces = await acceptances();
  assert.equal(new Set(nonces).size, nonces.length);
  assert.equal(nonces.length, 5);
});
