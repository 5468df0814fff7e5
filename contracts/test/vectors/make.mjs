// Writes the first parity vectors, or with --check compares them with what is there. See README.md.
// Independent of the contracts and of the runtime: only ABI encoding and signing are left to `cast`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keccak_256 } from '@noble/hashes/sha3.js';

const here = dirname(fileURLToPath(import.meta.url));
const CAST = join(here, '../../node_modules/.bin/cast');

const bytes = (hex) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
const hex = (data) => '0x' + Buffer.from(data).toString('hex');
const concat = (...parts) => Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part))));
const keccak = (data) => hex(keccak_256(data));
const label = (text) => keccak(Buffer.from(text));
const merge = (left, right) => keccak(concat(bytes(left), bytes(right)));
const cast = (...args) => execFileSync(CAST, args, { encoding: 'utf8' }).trim();

// ABI. Types in the order of src/Types.sol.
const SOURCE = '(uint8,uint64,uint64,uint64,bytes32,bytes32,bytes32)[]';
const DESTINATION = '(uint64,address,address,bytes4,uint64)';
const STATEMENT = `(uint16,bytes32,bytes32,bytes32,uint16,bytes32,bytes32,bytes32,bytes32,bytes32,bytes,uint8,uint64,${SOURCE},${DESTINATION},bytes32)`;
const MESSAGE = `(bytes32,uint64,bytes32,bytes32,uint64,bytes32,${SOURCE},${DESTINATION},bytes)`;

// A JavaScript object in the order of the struct's fields, as cast wants it.
const tuple = (value) =>
  Array.isArray(value)
    ? `[${value.map(tuple).join(',')}]`
    : typeof value === 'object'
      ? `(${Object.values(value).map(tuple).join(',')})`
      : value;

function abiCase(name, type, value) {
  const encoded = cast('abi-encode', `f(${type})`, tuple(value));
  return { name, value, encoded, digest: keccak(bytes(encoded)) };
}

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
    abiCase('one source and three words of output', STATEMENT, statement(three, [source(0)])),
    abiCase('no source and no output', STATEMENT, statement('0x', [])),
    abiCase('eight sources and an output that does not fill its last word', STATEMENT, statement('0x0102030405', eight)),
    abiCase('a trapped run with the largest integers', STATEMENT, {
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
    abiCase('one source and three words of payload', MESSAGE, message('1', three, [source(0)])),
    abiCase('no source and no payload', MESSAGE, message('2', '0x', [])),
    abiCase('eight sources, an odd payload and the largest nonce', MESSAGE, message(`${2n ** 64n - 1n}`, '0x' + 'ab'.repeat(33), eight)),
  ];
}

// The tree of binary-merkle-tree: pairs are hashed, the odd one is promoted.
function outbox(name, leaves) {
  const layers = [leaves.map((leaf) => keccak(bytes(leaf)))];
  while (layers.at(-1).length > 1) {
    const below = layers.at(-1);
    const above = [];
    for (let i = 0; i < below.length; i += 2) above.push(i + 1 < below.length ? merge(below[i], below[i + 1]) : below[i]);
    layers.push(above);
  }
  const proofs = leaves.map((_, leafIndex) => {
    const items = [];
    layers.slice(0, -1).forEach((layer, height) => {
      const sibling = layer[(leafIndex >> height) ^ 1];
      if (sibling) items.push(sibling);
    });
    return { leafIndex: `${leafIndex}`, leafCount: `${leaves.length}`, items };
  });
  return { name, leaves, root: layers.at(-1)[0] ?? '0x' + '00'.repeat(32), proofs };
}

// A mountain kept as mmr-lib keeps it: nodes in the order in which they arise, addressed by position.
class Mountain {
  nodes = []; // { hash, height, parent, sibling }
  peaks = []; // positions, from the left
  leaves = []; // positions

  push(hash) {
    let position = this.#add(hash, 0);
    this.leaves.push(position);
    while (this.peaks.length && this.nodes[this.peaks.at(-1)].height === this.nodes[position].height) {
      const left = this.peaks.pop();
      const parent = this.#add(merge(this.nodes[left].hash, this.nodes[position].hash), this.nodes[left].height + 1);
      Object.assign(this.nodes[left], { parent, sibling: position });
      Object.assign(this.nodes[position], { parent, sibling: left });
      position = parent;
    }
    this.peaks.push(position);
  }

  #add(hash, height) {
    return this.nodes.push({ hash, height }) - 1;
  }

  // Right and left peak are merged in this order.
  #bag(positions) {
    return positions.map((p) => this.nodes[p].hash).reduceRight((right, left) => merge(right, left));
  }

  root() {
    return this.#bag(this.peaks);
  }

  prove(index) {
    const siblings = [];
    let position = this.leaves[index];
    for (; this.nodes[position].parent !== undefined; position = this.nodes[position].parent) {
      siblings.push(this.nodes[this.nodes[position].sibling].hash);
    }
    const at = this.peaks.indexOf(position);
    const right = this.peaks.slice(at + 1);
    const items = [...this.peaks.slice(0, at).map((p) => this.nodes[p].hash), ...siblings];
    if (right.length) items.push(this.#bag(right));
    return { leafIndex: `${index}`, leafCount: `${this.leaves.length}`, items };
  }
}

function mountain(count) {
  const it = new Mountain();
  const leaves = [...Array(count).keys()].map((i) => label(`leaf ${i}`));
  leaves.forEach((leaf) => it.push(leaf));
  return { name: `${count} leaves`, leaves, root: it.root(), proofs: leaves.map((_, i) => it.prove(i)) };
}

// SCALE
const u8 = (n) => Uint8Array.of(Number(n));
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(Number(n)); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
function compact(n) {
  if (n < 64) return u8(n << 2);
  if (n < 16384) return u32((n << 2) | 1).subarray(0, 2);
  return u32(n * 4 + 2);
}

function leaf(name, value) {
  const next = value.nextAuthoritySet;
  const encoded = concat(
    u8(value.version), u32(value.parentNumber), bytes(value.parentHash),
    u64(next.id), u32(next.length), bytes(next.root), bytes(value.leafExtra),
  );
  return { name, value, encoded: hex(encoded), hash: keccak(encoded) };
}

const leaves = () => [
  leaf('the first leaf, with an empty outbox', {
    version: '0', parentNumber: '0', parentHash: label('genesis'),
    nextAuthoritySet: { id: '1', length: '1', root: label('keyset') }, leafExtra: '0x' + '00'.repeat(32),
  }),
  leaf('the largest integers', {
    version: '31', parentNumber: `${2 ** 32 - 1}`, parentHash: label('parent'),
    nextAuthoritySet: { id: `${2n ** 64n - 1n}`, length: `${2 ** 32 - 1}`, root: label('keyset') }, leafExtra: label('outbox'),
  }),
];

function commitment(name, value, size, signing) {
  const encoded = concat(
    compact(value.payload.length),
    ...value.payload.flatMap(({ id, data }) => [bytes(id), compact(bytes(data).length), bytes(data)]),
    u32(value.blockNumber), u64(value.validatorSetId),
  );
  const hash = keccak(encoded);
  const keys = [...Array(size).keys()].map((i) => label(`validator ${i}`));
  const validators = keys.map((key) => cast('wallet', 'address', '--private-key', key).toLowerCase());
  const signatures = signing.map((i) => {
    const signature = cast('wallet', 'sign', '--no-hash', '--private-key', keys[i], hash);
    const v = parseInt(signature.slice(-2), 16);
    return signature.slice(0, -2) + (v >= 27 ? v - 27 : v).toString(16).padStart(2, '0');
  });
  return {
    name, value, encoded: hex(encoded), hash, validators, keyset: outbox('', validators).root,
    bitfield: `${signing.reduce((bits, i) => bits | (1n << BigInt(i)), 0n)}`, signatures,
  };
}

const root = { id: hex(Buffer.from('mh')), data: label('mmr root') };
const commitments = () => [
  commitment('one validator', { payload: [root], blockNumber: '1', validatorSetId: '0' }, 1, [0]),
  commitment('three of four', { payload: [root], blockNumber: '600', validatorSetId: '42' }, 4, [0, 2, 3]),
  commitment('fifteen of twenty-one, with other items in the payload', {
    payload: [{ id: '0x6161', data: '0x' + '5a'.repeat(100) }, root, { id: '0x7a7a', data: '0x' }],
    blockNumber: `${2 ** 32 - 1}`, validatorSetId: `${2n ** 64n - 2n}`,
  }, 21, [...Array(15).keys()].map((i) => i + 3)),
];

const files = {
  'statement.json': statements(),
  'message.json': messages(),
  'outbox.json': [1, 2, 3, 4, 5, 7, 8, 13].map((n) =>
    outbox(`${n} leaves`, [...Array(n).keys()].map((i) => hex(Buffer.from(`message ${i}`))))),
  'mmr.json': [1, 2, 3, 4, 5, 7, 8, 11, 15, 16, 23].map(mountain),
  'leaf.json': leaves(),
  'commitment.json': commitments(),
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
