// Two relayers serve one gateway and are killed again and again: every message arrives once, whoever brought it is paid once, and hardly any gas is burnt on
// what the other did. Then a validator signs a lie for the gateway, and loses its bond by the receipt. Real processes.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deploy } from '../../contracts/deploy.mjs';
import { Ethereum, artifact } from '../../contracts/ethereum.mjs';
import { encodeCommitment, label, payloadOf } from '../../contracts/test/harness/weft.mjs';
import { Processes, freePort, run, tail, until } from './processes.mjs';
import { Weft } from './weft.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-relayers-'));
const processes = new Processes(folder);

const fromPolkadot = createRequire(join(root, 'node/tests/polkadot-js/package.json'));
const { ApiPromise, Keyring, WsProvider } = fromPolkadot('@polkadot/api');
const { privateKeyToAccount } = createRequire(join(root, 'contracts/package.json'))('viem/accounts');

const WEFT = 10n ** 12n;
/** What each message pays. */
const TIP = 3n * WEFT;
const MESSAGES = 8;

let chain;
let api;
let keyring;
let weft;
let url;
let ethereum;
let gateway;
let here;
const relayers = {};

before(async () => {
  const [rpc, engine, beacon, port] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const { path } = processes.start('ethereum', process.execPath, [
    join(root, 'scripts/ethereum/main.mjs'), '--rpc-port', rpc, '--engine-port', engine, '--beacon-port', beacon,
    '--fast-forward', '33', '--seconds-per-slot', '1', '--until-stdin-closes',
  ].map(String));
  chain = await until('the local Ethereum', async () => {
    const line = readFileSync(path, 'utf8').split('\n').find((text) => text.startsWith('{"ready"'));
    return line ? JSON.parse(line) : null;
  });
  processes.start('node', join(bin, 'weft-node'), [
    '--dev', '--base-path', join(folder, 'node'), '--rpc-port', String(port), '--port', String(await freePort()),
    '--prometheus-port', String(await freePort()), '--no-telemetry',
  ]);
  weft = new Weft(`http://127.0.0.1:${port}`);
  url = `ws://127.0.0.1:${port}`;
  await until('a block that BEEFY signed', async () => (await weft.signedHeight()) > 0, { seconds: 180 });
  api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  keyring = new Keyring({ type: 'sr25519' });
  ethereum = new Ethereum(chain.rpc, chain.accounts[0].privateKey);
  const { current, next } = await weft.validatorSets();
  const { addresses } = await deploy(ethereum, {
    weftGenesis: await weft.genesis(), current, next, namedAt: await weft.time(), trustPeriod: 604_800n,
  });
  gateway = { address: addresses.gateway, abi: artifact('Gateway').abi };
  here = { chainId: chain.chainId, address: gateway.address };
  await run(join(bin, 'weft-worker'), ['checkpoint', '--node', url, '--ethereum', chain.rpc, '--beacon', chain.beacon, '--key', '//Alice']);
  processes.start('follow', join(bin, 'weft-worker'), ['relay', '--node', url, '--ethereum', chain.rpc, '--beacon', chain.beacon, '--key', '//Dave']);
}, { timeout: 300_000 });

after(async () => {
  await api?.disconnect();
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Send and wait until the transaction is in a block; rejects with the error's name. */
function send(call, signer) {
  return new Promise((resolve, reject) => {
    call.signAndSend(signer, { nonce: -1 }, ({ status, events, dispatchError }) => {
      if (!status.isInBlock) return;
      if (!dispatchError) return resolve(events.map(({ event }) => event));
      const { section, name, docs } = dispatchError.isModule ? api.registry.findMetaError(dispatchError.asModule) : { name: `${dispatchError}`, docs: [] };
      reject(new Error(`${section}.${name}: ${docs.join(' ')}`));
    }).catch(reject);
  });
}

const asRoot = (call) => send(api.tx.sudo.sudo(call), keyring.addFromUri('//Alice'));

/** Start a relayer, whose account of Weft has nothing yet, or start it again. */
function startRelayer(name, index) {
  const account = chain.accounts[index];
  relayers[name] = { account: account.address, weft: keyring.addFromUri(`//${name}`) };
  processes.start(name, join(bin, 'weft-worker'), [
    'relay', '--json', '--node', url, '--ethereum', chain.rpc, '--gateway', gateway.address, '--key', `//${name}`, '--turns', '12', '--poll', '1',
  ], { env: { WEFT_ETHEREUM_KEY: account.privateKey } });
}

/** All transactions of an account of Ethereum, with their receipts. */
async function transactionsOf(address) {
  const newest = Number(await ethereum.request('eth_blockNumber'));
  const found = [];
  for (let number = 0; number <= newest; number += 1) {
    const block = await ethereum.request('eth_getBlockByNumber', `0x${number.toString(16)}`, true);
    for (const { from, hash } of block.transactions) {
      if (from.toLowerCase() === address.toLowerCase()) found.push(await ethereum.request('eth_getTransactionReceipt', hash));
    }
  }
  return found;
}

/** keccak256("Delivered(uint64,bytes32)"). */
const DELIVERED = '0xdf6e8eba7a314e8b5d6bd1364f8a1f32392ad163c0fefb79d835a564b07445fc';

const deliveries = async () => {
  const logs = await ethereum.request('eth_getLogs', { fromBlock: '0x0', toBlock: 'latest', address: gateway.address, topics: [DELIVERED] });
  return logs.map(({ topics }) => ({ nonce: Number(BigInt(topics[1])), relayer: topics[2] }));
};

const free = async (account) => (await api.query.system.account(account)).data.free.toBigInt();

test('two relayers that are killed again and again deliver each message once, and one of them is paid for it', { timeout: 500_000 }, async () => {
  const payer = keyring.addFromUri('//Bob');
  // Enough for the fees of a claim.
  for (const name of ['First', 'Second']) {
    await send(api.tx.balances.transferKeepAlive(keyring.addFromUri(`//${name}`).address, 10n * WEFT), payer);
  }
  startRelayer('First', 1);
  startRelayer('Second', 2);
  const before_ = Object.fromEntries(await Promise.all(Object.entries(relayers).map(async ([name, { weft: key }]) => [name, await free(key.address)])));
  const first = Number(await api.query.outbox.nextNonce());
  // Orders of root: messages that need no run. Each says another successor.
  for (let index = 0; index < MESSAGES; index += 1) {
    const successor = `0x${(index + 1).toString(16).padStart(40, '0')}`;
    await asRoot(api.tx.outbox.order(chain.chainId, gateway.address, { AnnounceSuccessor: { successor } }));
    await send(api.tx.gateways.tip(first + index, here, TIP), payer);
    const victim = index % 2 === 0 ? 'First' : 'Second';
    await processes.crash(victim);
    startRelayer(victim, victim === 'First' ? 1 : 2);
  }
  const [promised] = await weft.request('weft_rewards', first);
  assert.deepEqual([promised.chainId, promised.gateway, promised.amount], [chain.chainId, gateway.address.toLowerCase(), String(TIP)]);

  const accepted = async (nonce) => Number(await ethereum.read(gateway, 'statusOf', [BigInt(nonce)])) > 0;
  const nonces = Array.from({ length: MESSAGES }, (_, index) => first + index);
  // An order that comes after a newer one would fail, and relayers who are paid leave it: the last one ends it.
  await until('the last message on Ethereum', () => accepted(nonces.at(-1)), { seconds: 240 });
  const paid = async () => (await Promise.all(nonces.map((nonce) => weft.request('weft_rewards', nonce)))).filter((rewards) => rewards.length === 0).length;
  const said = await deliveries();
  await until('all deliveries paid', async () => (await paid()) >= said.length, { seconds: 240 }).catch((error) => {
    throw new Error(`${error.message}\n${['First', 'Second'].map((name) => tail(join(folder, `${name}.log`))).join('\n')}`);
  });

  const events = await deliveries();
  assert.equal(new Set(events.map(({ nonce }) => nonce)).size, events.length, 'a message was delivered twice');
  assert.ok(events.length > 0);
  let earned = 0n;
  for (const [name, { weft: key, account }] of Object.entries(relayers)) {
    const own = events.filter(({ relayer }) => relayer === `0x${Buffer.from(key.publicKey).toString('hex')}`);
    const gain = (await free(key.address)) - before_[name];
    const due = TIP * BigInt(own.length);
    // Less the fees of claims.
    assert.ok(gain <= due && gain > due - 2n * WEFT - (own.length === 0 ? 0n : due / 2n), `${name} brought ${own.length} and gained ${gain}`);
    earned += due;
    const failed = (await transactionsOf(account)).filter(({ status }) => status !== '0x1');
    const burnt = failed.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0);
    console.log(JSON.stringify({ name, delivered: own.length, gained: String(gain), reverted: failed.length, burnt }));
    // Crashes may leave a transaction in the pool that comes too late.
    assert.ok(burnt <= 300_000, `${name} burnt ${burnt} gas`);
  }
  assert.equal(earned, TIP * BigInt(events.length));
});

test('who signs a lie that the gateway accepts loses the bond by its receipt', { timeout: 240_000 }, async () => {
  await asRoot(api.tx.gateways.register(here, 0));
  const account = (await api.query.session.validators())[0].toString();
  const bond = (await api.query.validators.bonds(account)).unwrap().active.toBigInt();
  assert.ok(bond > 0n);
  // The development validator's BEEFY key is //Alice's.
  const { secretSeed } = JSON.parse(await run(join(bin, 'weft-node'), ['key', 'inspect', '--scheme', 'ecdsa', '--output-type', 'json', '//Alice']));
  const signer = privateKeyToAccount(secretSeed);
  // The relayers stand still, so that the height is not passed before the lie is sent.
  await processes.crash('First');
  await processes.crash('Second');
  const [id, length] = await ethereum.read(gateway, 'currentValidatorSet');
  assert.equal(Number(length), 1);
  const number = Number(await ethereum.read(gateway, 'latestBlock')) + 1;
  const commitment = { payload: payloadOf(label('a lie')), blockNumber: number, validatorSetId: Number(id) };
  const signature = await signer.sign({ hash: encodeCommitment(commitment).hash });
  const bytes = Buffer.from(signature.slice(2), 'hex');
  const hex = (part) => `0x${part.toString('hex')}`;
  await ethereum.write(gateway, 'submitCommitment', [
    commitment,
    { validators: [signer.address], bitfield: 1n, signatures: [{ r: hex(bytes.subarray(0, 32)), s: hex(bytes.subarray(32, 64)), v: bytes[64] }] },
    `0x${'00'.repeat(32)}`,
  ]);
  startRelayer('First', 1);
  await until('the signer to be punished', async () => {
    const left = await api.query.validators.bonds(account);
    return left.isNone || left.unwrap().active.toBigInt() === 0n;
  }, { seconds: 180 }).catch((error) => {
    throw new Error(`${error.message}\n${tail(join(folder, 'First.log'))}`);
  });
});
