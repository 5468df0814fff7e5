// The contracts on a real EVM with real blocks (anvil): what forge's tests set by cheatcode — block hashes, the history
// contract, headers, gas — is the node's own here.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodeAbiParameters, keccak256, toFunctionSelector, toRlp } from 'viem';
import { deploy, configure } from '../deploy.mjs';
import { Ethereum, artifact } from '../ethereum.mjs';
import { Mountain, abi, encodeCommitment, encodeLeaf, label, native, payloadOf, sign, tree, validators } from './harness/weft.mjs';

const here = dirname(fileURLToPath(import.meta.url));
// The first of anvil's well-known accounts.
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const ZERO = '0x' + '00'.repeat(32);
const GENESIS = label('genesis');
const RELAYER = label('the account of whoever relays');
const GRAPH = label('graph');
const OWNER = label('owner');

const alice = validators('alice', 4);
const bob = validators('bob', 7);
const carol = validators('carol', 1);
const setOf = (id, set) => ({ id: `${id}`, length: `${set.addresses.length}`, root: set.keyset });

const OTHER_NODE = process.env.ETHEREUM_RPC;

let anvil;
let ethereum;
let chainId;
let gateway;
let receiver;
let token;
const gas = {};

// Weft, as far as the gateway can see it.
const weft = { mountain: new Mountain(), leaves: [], block: 0, nonce: 0, next: setOf(1, bob) };

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function startAnvil() {
  const port = await freePort();
  const options = ['--host', '127.0.0.1', '--port', `${port}`, '--hardfork', 'osaka', '--silent', '--prune-history'];
  anvil = spawn(join(here, '../node_modules/.bin/anvil'), options, { stdio: 'ignore' });
  const node = new Ethereum(`http://127.0.0.1:${port}`, KEY);
  for (let tries = 0; ; ++tries) {
    try {
      await node.request('eth_chainId');
      return node;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

before(async () => {
  ethereum = OTHER_NODE ? new Ethereum(OTHER_NODE, KEY) : await startAnvil();
  chainId = `${Number(await ethereum.request('eth_chainId'))}`;
  const deployed = await deploy(ethereum, {
    weftGenesis: GENESIS, current: native(setOf(0, alice)), next: native(setOf(1, bob)), namedAt: BigInt(Math.floor(Date.now() / 1000)), trustPeriod: 604_800n, demo: true,
  });
  gateway = { address: deployed.addresses.gateway, abi: artifact('Gateway').abi };
  token = { address: deployed.addresses.token, abi: artifact('TestToken').abi };
  receiver = { address: deployed.addresses.volumeReceiver, abi: artifact('VolumeReceiver').abi };
  Object.assign(gas, Object.fromEntries(Object.entries(deployed.gas).map(([name, used]) => [`create ${name}`, used])));
  await configure(ethereum, { receiver: receiver.address, graph: GRAPH, owner: OWNER });
});

after(() => {
  anvil?.kill();
  console.log(Object.entries(gas).map(([what, used]) => `# gas, ${what}: ${used}`).join('\n'));
});

async function mine(blocks) {
  if (!OTHER_NODE) return ethereum.request('anvil_mine', `0x${blocks.toString(16)}`);
  const goal = (await latest()) + blocks;
  while ((await latest()) < goal) await new Promise((resolve) => setTimeout(resolve, 200));
}
const blockAt = (number) => ethereum.request('eth_getBlockByNumber', `0x${number.toString(16)}`, false);
const latest = async () => Number(await ethereum.request('eth_blockNumber'));

/** A block of Weft that has this MMR leaf. */
function addLeaf(outbox = ZERO) {
  const value = { version: '0', parentNumber: `${weft.block}`, parentHash: label(`block ${weft.block}`), nextAuthoritySet: weft.next, outbox, time: `${Math.floor(Date.now() / 1000)}` };
  weft.block += 1;
  weft.leaves.push(value);
  weft.mountain.push(encodeLeaf(value).hash);
  return weft.leaves.length - 1;
}

/** A commitment for Weft's latest block, as the arguments of the gateway's functions. */
async function finalise(set, id, signers) {
  const value = { payload: payloadOf(weft.mountain.root()), blockNumber: `${weft.block}`, validatorSetId: `${id}` };
  const { bitfield, signatures } = await sign(set, encodeCommitment(value).hash, signers);
  return [
    native(value),
    {
      validators: set.addresses,
      bitfield: BigInt(bitfield),
      signatures: signatures.map((s) => ({ r: s.slice(0, 66), s: '0x' + s.slice(66, 130), v: parseInt(s.slice(130), 16) })),
    },
    RELAYER,
  ];
}

/** A result about one block of the Ethereum, settled among others in one block of Weft. */
async function settle(sourceBlock, words, change = {}) {
  const { hash } = await blockAt(sourceBlock);
  const message = {
    weftGenesis: GENESIS, nonce: `${weft.nonce++}`, graph: GRAPH, owner: OWNER, job: '7', statement: label('statement'),
    sources: [{ kind: '1', chainId: chainId, firstBlock: `${sourceBlock}`, lastBlock: `${sourceBlock}`, blockHash: hash, filter: label('filter'), root: label('root') }],
    destination: {
      chainId: chainId, gateway: gateway.address, target: receiver.address,
      selector: toFunctionSelector('record(uint256,uint256,uint256)'), gasLimit: '200000',
    },
    payload: encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }], words),
    ...change,
  };
  const { root, proofs } = tree(['0x01', abi('Message', message).encoded, '0x03']);
  const index = addLeaf(root);
  addLeaf();
  return { message, outboxProof: proofs[1], index };
}

/** The arguments of `deliver` under the root of Weft's latest block. */
const parcel = ({ message, outboxProof, index }) => [
  native(message), native(outboxProof), native(weft.leaves[index]), native(weft.mountain.prove(index)), weft.block,
  RELAYER,
];

const refuses = (functionName, args, name) => assert.rejects(ethereum.read(gateway, functionName, args), { name });

test('a commitment by three of four is accepted, by two it is not', async () => {
  for (let i = 0; i < 5; ++i) addLeaf();
  await refuses('submitCommitment', await finalise(alice, 0, [0, 2]), 'NotEnoughSignatures');
  const receipt = await ethereum.write(gateway, 'submitCommitment', await finalise(alice, 0, [0, 2, 3]));
  gas['submitCommitment, first, 4 validators'] = Number(receipt.gasUsed);
  assert.equal(await ethereum.read(gateway, 'latestMmrRoot'), weft.mountain.root());
});

test('a result about a real block reaches its destination, once', async () => {
  const transfer = await ethereum.write(token, 'transfer', [receiver.address, 5n], 100_000n);
  const block = Number(transfer.blockNumber);
  await mine(2);
  const result = await settle(block, [5n, 5n, 5n]);
  const commitment = await ethereum.write(gateway, 'submitCommitment', await finalise(alice, 0, [1, 2, 3]));
  gas['submitCommitment, 4 validators'] = Number(commitment.gasUsed);
  const receipt = await ethereum.write(gateway, 'deliver', parcel(result));
  gas['deliver, first to this receiver'] = Number(receipt.gasUsed);
  assert.deepEqual(await ethereum.read(receiver, 'volumeAt', [BigInt(block)]), [5n, 5n, 5n, 7n]);
  assert.equal(await ethereum.read(gateway, 'statusOf', [BigInt(result.message.nonce)]), 2);
  await refuses('deliver', parcel(result), 'AlreadyAccepted');
});

test('the next set takes over with a leaf of its session', async () => {
  weft.next = setOf(2, carol);
  const index = addLeaf();
  const [commitment, signers] = await finalise(bob, 1, [0, 1, 2, 3, 4]);
  await refuses('submitCommitment', [commitment, signers, RELAYER], 'WrongValidatorSet');
  const receipt = await ethereum.write(gateway, 'submitHandover', [
    commitment, signers, native(weft.leaves[index]), native(weft.mountain.prove(index)), RELAYER,
  ]);
  gas['submitHandover, 7 validators'] = Number(receipt.gasUsed);
  assert.deepEqual(await ethereum.read(gateway, 'currentValidatorSet'), [1n, 7, bob.keyset]);
  assert.deepEqual(await ethereum.read(gateway, 'nextValidatorSet'), [2n, 1, carol.keyset]);
  addLeaf();
  await refuses('submitCommitment', await finalise(alice, 0, [0, 1, 2]), 'WrongValidatorSet');
});

test('a result about a block that lost, or is to come, is refused', async () => {
  const lie = await settle(await latest(), [1n, 1n, 1n]);
  lie.message.sources[0].blockHash = label('another fork');
  const { root, proofs } = tree(['0x01', abi('Message', lie.message).encoded]);
  Object.assign(lie, { outboxProof: proofs[1], index: addLeaf(root) });
  const future = await settle(await latest(), [1n, 1n, 1n]);
  future.message.sources[0].lastBlock = `${(await latest()) + 1000}`;
  const again = tree([abi('Message', future.message).encoded]);
  Object.assign(future, { outboxProof: again.proofs[0], index: addLeaf(again.root) });
  await ethereum.write(gateway, 'submitCommitment', await finalise(bob, 1, [0, 1, 2, 3, 6]));
  await mine(1);
  await refuses('deliver', parcel(lie), 'SourceNotCanonical');
  await refuses('deliver', parcel(future), 'SourceInFuture');
});

test('sources come from the history contract, and older ones from a chain of parent hashes', { skip: OTHER_NODE && 'takes 8,500 blocks' }, async () => {
  const start = await latest();
  await mine(300);
  const inHistory = await settle(start, [2n, 2n, 7n]);
  const oldBlock = (await latest()) - 1;
  const old = await settle(oldBlock, [3n, 3n, 10n]);
  await ethereum.write(gateway, 'submitCommitment', await finalise(bob, 1, [0, 1, 2, 3, 4]));
  const args = [parcel(inHistory), parcel(old)];
  const receipt = await ethereum.write(gateway, 'deliver', args[0]);
  gas['deliver, source from the history contract'] = Number(receipt.gasUsed);
  assert.deepEqual(await ethereum.read(receiver, 'volumeAt', [BigInt(start)]), [2n, 2n, 7n, 7n]);

  await mine(8200);
  await refuses('deliver', args[1], 'SourceTooOld');
  const tooOld = await blockAt(oldBlock);
  // The oldest block that the history still serves when the next transaction runs, and some room.
  const anchor = (await latest()) - 8180;
  const headers = [];
  for (let number = anchor; number > oldBlock; --number) headers.push(headerRlp(await blockAt(number)));
  assert.equal(keccak256(headers.at(-1)), (await blockAt(oldBlock + 1)).hash);
  await refuses('recordAncestor', [BigInt(anchor), [headers[1], ...headers.slice(1)]], 'BrokenHeaderChain');
  const walk = await ethereum.write(gateway, 'recordAncestor', [BigInt(anchor), headers], 15_000_000n);
  gas[`recordAncestor, ${headers.length} headers`] = Number(walk.gasUsed);
  assert.equal(await ethereum.read(gateway, 'ancestors', [BigInt(oldBlock)]), tooOld.hash);
  await ethereum.write(gateway, 'deliver', args[1]);
  assert.deepEqual(await ethereum.read(receiver, 'volumeAt', [BigInt(oldBlock)]), [3n, 3n, 10n, 7n]);
});

/** RLP of a block's header, from its JSON. */
function headerRlp(block) {
  const quantity = (value) => (BigInt(value) === 0n ? '0x' : `0x${BigInt(value).toString(16).replace(/^(.(..)*)$/, '0$1')}`);
  const fields = [
    block.parentHash, block.sha3Uncles, block.miner, block.stateRoot, block.transactionsRoot, block.receiptsRoot, block.logsBloom,
    quantity(block.difficulty), quantity(block.number), quantity(block.gasLimit), quantity(block.gasUsed), quantity(block.timestamp),
    block.extraData, block.mixHash, block.nonce, quantity(block.baseFeePerGas),
  ];
  if (block.withdrawalsRoot) fields.push(block.withdrawalsRoot);
  if (block.blobGasUsed) fields.push(quantity(block.blobGasUsed), quantity(block.excessBlobGas), block.parentBeaconBlockRoot);
  if (block.requestsHash) fields.push(block.requestsHash);
  return toRlp(fields);
}
