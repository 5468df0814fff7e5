// Writes the first parity vectors, or with --check compares them with what is there. See README.md.
// Independent of the contracts and of the runtime: see test/harness/weft.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mountain, abi, encodeCommitment, encodeLeaf, hex, label, payloadOf, sign, tree, validators } from '../harness/weft.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const abiCase = (name, struct, value) => ({ name, value, ...abi(struct, value) });

const source = (i) => ({
  kind: '1',
  chainId: `${1337 + i}`,
  firstBlock: `${100 + i}`,
  lastBlock: `${200 + i}`,
  blockHash: label(`block ${i}`),
  filter: label(`filter ${i}`),
  root: label(`root ${i}`),
});
const LARGEST = {
  kind: '255',
  chainId: `${2n ** 64n - 1n}`,
  firstBlock: `${2n ** 64n - 1n}`,
  lastBlock: `${2n ** 64n - 1n}`,
  blockHash: '0x' + 'ff'.repeat(32),
  filter: '0x' + 'ff'.repeat(32),
  root: '0x' + 'ff'.repeat(32),
};
const destination = {
  chainId: '1337',
  gateway: '0x' + '11'.repeat(20),
  target: '0x' + '22'.repeat(20),
  selector: '0xdeadbeef',
  gasLimit: '200000',
};
const statement = (output, sources) => ({
  version: '1',
  weftGenesis: label('genesis'),
  graph: label('graph'),
  manifest: label('manifest'),
  proofSystem: '1',
  key: label('key'),
  image: label('image'),
  inputDigest: label('input'),
  priorState: label('prior'),
  nextState: label('next'),
  output,
  outcome: '0',
  steps: '123456789',
  sources,
  destination,
  context: label('context'),
});
const message = (nonce, payload, sources) => ({
  weftGenesis: label('genesis'),
  nonce,
  graph: label('graph'),
  owner: label('owner'),
  job: '7',
  statement: label('statement'),
  sources,
  destination,
  payload,
});
const three = '0x' + [5n, 2n, 9n].map((n) => n.toString(16).padStart(64, '0')).join('');
const eight = [...Array(8).keys()].map(source);

function statements() {
  return [
    abiCase('one source and three words of output', 'Statement', statement(three, [source(0)])),
    abiCase('no source and no output', 'Statement', statement('0x', [])),
    abiCase('eight sources and an output that does not fill its last word', 'Statement', statement('0x0102030405', eight)),
    abiCase('a trapped run with the largest integers', 'Statement', {
      ...statement('0xff', [LARGEST]),
      version: '65535',
      proofSystem: '65535',
      outcome: '1',
      steps: `${2n ** 64n - 1n}`,
    }),
  ];
}

function messages() {
  return [
    abiCase('one source and three words of payload', 'Message', message('1', three, [source(0)])),
    abiCase('no source and no payload', 'Message', message('2', '0x', [])),
    abiCase('eight sources, an odd payload and the largest nonce', 'Message', message(`${2n ** 64n - 1n}`, '0x' + 'ab'.repeat(33), eight)),
  ];
}

function mountain(count) {
  const it = new Mountain();
  const leaves = [...Array(count).keys()].map((i) => label(`leaf ${i}`));
  leaves.forEach((leaf) => it.push(leaf));
  return { name: `${count} leaves`, leaves, root: it.root(), proofs: leaves.map((_, i) => it.prove(i)) };
}

const leaf = (name, value) => ({ name, value, ...encodeLeaf(value) });

const leaves = () => [
  leaf('the first leaf, with an empty outbox', {
    version: '0', parentNumber: '0', parentHash: label('genesis'),
    nextAuthoritySet: { id: '1', length: '1', root: label('keyset') }, outbox: '0x' + '00'.repeat(32), time: '0',
  }),
  leaf('the largest integers', {
    version: '31', parentNumber: `${2 ** 32 - 1}`, parentHash: label('parent'),
    nextAuthoritySet: { id: `${2n ** 64n - 1n}`, length: `${2 ** 32 - 1}`, root: label('keyset') }, outbox: label('outbox'), time: `${2n ** 64n - 1n}`,
  }),
];

async function commitment(name, value, size, signing) {
  const set = validators('validator', size);
  const { encoded, hash } = encodeCommitment(value);
  return {
    name, value, encoded, hash, validators: set.addresses, keyset: set.keyset, ...(await sign(set, hash, signing)),
  };
}

const root = label('mmr root');
const commitments = () => Promise.all([
  commitment('one validator', { payload: payloadOf(root), blockNumber: '1', validatorSetId: '0' }, 1, [0]),
  commitment('three of four', { payload: payloadOf(root), blockNumber: '600', validatorSetId: '42' }, 4, [0, 2, 3]),
  commitment('fifteen of twenty-one, with other items in the payload', {
    payload: [{ id: '0x6161', data: '0x' + '5a'.repeat(100) }, ...payloadOf(root), { id: '0x7a7a', data: '0x' }],
    blockNumber: `${2 ** 32 - 1}`, validatorSetId: `${2n ** 64n - 2n}`,
  }, 21, [...Array(15).keys()].map((i) => i + 3)),
]);

const files = {
  'statement.json': statements(),
  'message.json': messages(),
  'outbox.json': [1, 2, 3, 4, 5, 7, 8, 13].map((n) =>
    ({ name: `${n} leaves`, ...tree([...Array(n).keys()].map((i) => hex(Buffer.from(`message ${i}`)))) })),
  'mmr.json': [1, 2, 3, 4, 5, 7, 8, 11, 15, 16, 23].map(mountain),
  'leaf.json': leaves(),
  'commitment.json': await commitments(),
};

let changed = 0;
for (const [file, cases] of Object.entries(files)) {
  const path = join(here, file);
  if (process.argv.includes('--check')) {
    // Cases that the other side added are its own affair.
    const there = new Map(JSON.parse(readFileSync(path, 'utf8')).cases.map((it) => [it.name, JSON.stringify(it)]));
    for (const it of cases) {
      if (there.get(it.name) === JSON.stringify(it)) continue;
      console.error(`${file}: the case "${it.name}" is missing or has changed`);
      changed += 1;
    }
  } else {
    writeFileSync(path, JSON.stringify({ cases }, null, 1) + '\n');
  }
}
process.exitCode = changed ? 1 : 0;
