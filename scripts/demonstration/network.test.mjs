// Four validators with keys and data of their own, and a gateway on an Ethereum: one validator is killed and comes back, a newcomer syncs by warp,
// bonds and validates, one signs two truths and is slashed, and the gateway follows every set. Real processes.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deploy } from '../../contracts/deploy.mjs';
import { Ethereum, artifact } from '../../contracts/ethereum.mjs';
import { encodeCommitment, label, payloadOf } from '../../contracts/test/harness/weft.mjs';
import { BOND, Network, WEFT, finalHeight } from './network.mjs';
import { Processes, freePort, until } from './processes.mjs';

const root = join(import.meta.dirname, '../..');
const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-network-'));
const processes = new Processes(folder);
// Short sessions, so that sets change while one watches: 20 blocks of two seconds.
const network = new Network({ bin, processes, folder, epochBlocks: 20 });

const { ApiPromise, Keyring, WsProvider } = createRequire(join(root, 'node/tests/polkadot-js/package.json'))('@polkadot/api');
const { privateKeyToAccount } = createRequire(join(root, 'contracts/package.json'))('viem/accounts');

/** A development account of Ethereum, which has funds on every local one. */
const ETHEREUM_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

const nodes = [];
let newcomer;
let api;
let keyring;
let ethereum;
let gateway;

before(async () => {
  for (let index = 0; index < network.validators.length; index += 1) nodes.push(await network.start(index));
  await until('a block that BEEFY signed', async () => (await nodes[0].weft.signedHeight()) > 0, { seconds: 180 });
  api = await ApiPromise.create({ provider: new WsProvider(nodes[0].url), noInitWarn: true });
  keyring = new Keyring({ type: 'sr25519' });

  const port = await freePort();
  processes.start('anvil', join(root, 'contracts/node_modules/.bin/anvil'), ['--port', `${port}`, '--hardfork', 'osaka', '--block-time', '1', '--silent']);
  ethereum = new Ethereum(`http://127.0.0.1:${port}`, ETHEREUM_KEY);
  await until('Ethereum', () => ethereum.request('eth_chainId'));
  const { current, next } = await nodes[0].weft.validatorSets();
  const { addresses } = await deploy(ethereum, {
    weftGenesis: await nodes[0].weft.genesis(), current, next, namedAt: await nodes[0].weft.time(), trustPeriod: 604_800n,
  });
  gateway = { address: addresses.gateway, abi: artifact('Gateway').abi };
  processes.start('relay', join(bin, 'weft-worker'), [
    'relay', '--node', nodes[0].url, '--ethereum', `http://127.0.0.1:${port}`, '--gateway', gateway.address, '--key', '//Charlie',
  ], { env: { WEFT_ETHEREUM_KEY: ETHEREUM_KEY } });
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

const validating = async () => (await api.query.session.validators()).map(String);
const bonded = async (account) => (await api.query.validators.bonds(account)).unwrap().active.toBigInt();
const knownToGateway = async () => {
  const [id, length] = await ethereum.read(gateway, 'currentValidatorSet');
  return { id, length };
};

test('three of four validators finalise and sign, and the fourth catches up when it is back', { timeout: 240_000 }, async () => {
  const [first, , , fourth] = nodes;
  await network.crash(fourth);
  const before_ = { final: await finalHeight(first.weft), signed: await first.weft.signedHeight() };
  await until('finality without the fourth', async () => (await finalHeight(first.weft)) > before_.final + 12);
  await until('signatures without the fourth', async () => (await first.weft.signedHeight()) > before_.signed + 12);
  nodes[3] = await network.start(3);
  const height = await finalHeight(first.weft);
  await until('the fourth to catch up', async () => (await finalHeight(nodes[3].weft)) >= height);
});

test('a newcomer syncs by warp, bonds, sets its keys and validates', { timeout: 300_000 }, async () => {
  await until('a few sessions', async () => Number(await api.query.session.currentIndex()) >= 3, { seconds: 180 });
  // The SDK cannot take the state of the second block of a session: it has the first one's header then, but not those before (docs/validating.md).
  await until('the middle of a session', async () => {
    const [, start] = await api.query.babe.epochStart();
    return (await finalHeight(nodes[0].weft)) - start.toNumber() >= 4 && (await nodes[0].weft.height()) - start.toNumber() <= 14;
  });
  newcomer = await network.follow('newcomer', '--validator', '--sync', 'warp');
  await until('the newcomer to sync', async () => (await finalHeight(newcomer.weft)) >= (await finalHeight(nodes[0].weft)) - 5);
  const account = keyring.addFromUri('//Eve');
  const { keys, proof } = await newcomer.weft.request('author_rotateKeysWithOwner', `0x${Buffer.from(account.publicKey).toString('hex')}`);
  await send(api.tx.validators.bond(BOND + 1n), account);
  await assert.rejects(send(api.tx.validators.validate(), account), /validators.NoSessionKeys/);
  await send(api.tx.session.setKeys(keys, proof), account);
  await send(api.tx.validators.validate(), account);
  await until('the newcomer to validate', async () => (await validating()).includes(account.address), { seconds: 180 });
  await until('the newcomer to author a block', async () => (await api.query.validators.authored(account.address)).toNumber() > 0, { seconds: 180 });
  await until('the gateway to know the five', async () => (await knownToGateway()).length === 5, { seconds: 180 });
});

test('a validator that signs two truths in BEEFY is slashed and loses its place', { timeout: 300_000 }, async () => {
  const offender = network.validators[1];
  const count = BigInt((await validating()).length);
  const issuance = (await api.query.balances.totalIssuance()).toBigInt();
  const set = (await api.query.beefy.validatorSetId()).toBigInt();
  const { publicKey, secretSeed } = network.inspect('ecdsa', `${offender.phrase}//beefy`);
  const signer = privateKeyToAccount(secretSeed);
  const vote = async (truth) => {
    const value = { payload: payloadOf(label(truth)), blockNumber: '7', validatorSetId: `${set}` };
    const signature = await signer.sign({ hash: encodeCommitment(value).hash });
    const v = (parseInt(signature.slice(-2), 16) - 27).toString(16).padStart(2, '0');
    return {
      commitment: { payload: value.payload.map(({ id, data }) => [id, data]), blockNumber: 7, validatorSetId: set },
      id: publicKey, signature: signature.slice(0, -2) + v,
    };
  };
  const evidence = { first: await vote('one truth'), second: await vote('another') };
  const reporter = keyring.addFromUri('//Ferdie');
  const { data: { free } } = await api.query.system.account(reporter.address);
  await send(api.tx.beefy.reportDoubleVoting(evidence, await ownership(set, publicKey)), reporter);

  // (3 · 1 / n)² of the bond.
  const taken = (BOND * 9n) / (count * count);
  assert.equal(await bonded(offender.account), BOND - taken);
  assert.ok((await api.query.balances.totalIssuance()).toBigInt() < issuance - (taken * 8n) / 10n, 'most of it is burned');
  const { data: { free: now } } = await api.query.system.account(reporter.address);
  assert.ok(now.toBigInt() > free.toBigInt() + taken / 10n - WEFT, 'the reporter has a tenth, and paid no fee');
  await assert.rejects(send(api.tx.beefy.reportDoubleVoting(evidence, await ownership(set, publicKey)), reporter), /beefy.DuplicateOffenceReport/);

  await until('the offender to lose its place', async () => !(await validating()).includes(offender.account), { seconds: 180 });
  assert.equal((await validating()).length, 4);
  await until('the gateway to know those that are left', async () => (await knownToGateway()).length === 4, { seconds: 180 });
});

/** The proof that a BEEFY key is a validator's now, as the report takes it. */
async function ownership(set, key) {
  const argument = Buffer.alloc(8 + 33);
  argument.writeBigUInt64LE(set);
  Buffer.from(key.slice(2), 'hex').copy(argument, 8);
  const answer = await nodes[0].weft.request('state_call', 'BeefyApi_generate_key_ownership_proof', `0x${argument.toString('hex')}`);
  const opaque = api.createType('Option<Bytes>', new Uint8Array(Buffer.from(answer.slice(2), 'hex'))).unwrap();
  const { type } = api.tx.beefy.reportDoubleVoting.meta.args[1];
  return api.createType(`${type}`, opaque.toU8a(true));
}
