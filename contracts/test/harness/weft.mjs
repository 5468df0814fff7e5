// Weft's encodings, a third time: neither Rust's nor Solidity's, so that the vectors hold both to something else.
// ABI encoding and signing are viem's; trees, mountains and SCALE are written out here.
import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

export const bytes = (hex) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
export const hex = (data) => '0x' + Buffer.from(data).toString('hex');
export const concat = (...parts) => Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part))));
/** keccak256 of bytes. */
export const keccak = (data) => keccak256(hex(data));
/** A hash that stands for something. */
export const label = (text) => keccak(Buffer.from(text));
const merge = (left, right) => keccak(concat(bytes(left), bytes(right)));

const STRUCTS = [
  'struct Source { uint8 kind; uint64 chainId; uint64 firstBlock; uint64 lastBlock; bytes32 blockHash; bytes32 filter; bytes32 root; }',
  'struct Destination { uint64 chainId; address gateway; address target; bytes4 selector; uint64 gasLimit; }',
  'struct Statement { uint16 version; bytes32 weftGenesis; bytes32 graph; bytes32 manifest; uint16 proofSystem; bytes32 key; bytes32 image; bytes32 inputDigest; bytes32 priorState; bytes32 nextState; bytes output; uint8 outcome; uint64 steps; Source[] sources; Destination destination; bytes32 context; }',
  'struct Message { bytes32 weftGenesis; uint64 nonce; bytes32 graph; bytes32 owner; uint64 job; bytes32 statement; Source[] sources; Destination destination; bytes payload; }',
];

/** The same value with decimal strings as BigInt, as viem wants integers. */
export function native(value) {
  if (Array.isArray(value)) return value.map(native);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, native(it)]));
  }
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value;
}

/** abi.encode(value) of a `Statement` or `Message`, and its hash. */
export function abi(struct, value) {
  const encoded = encodeAbiParameters(parseAbiParameters([`${struct} it`, ...STRUCTS]), [native(value)]);
  return { encoded, digest: keccak256(encoded) };
}

// The tree of binary-merkle-tree: pairs are hashed, the odd one is promoted.
export function tree(leaves) {
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
  return { leaves, root: layers.at(-1)[0] ?? '0x' + '00'.repeat(32), proofs };
}

// A mountain kept as mmr-lib keeps it: nodes in the order in which they arise, addressed by position.
export class Mountain {
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

// SCALE
const u8 = (n) => Uint8Array.of(Number(n));
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(Number(n)); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
function compact(n) {
  if (n < 64) return u8(n << 2);
  if (n < 16384) return u32((n << 2) | 1).subarray(0, 2);
  return u32(n * 4 + 2);
}

/** SCALE bytes of an MMR leaf, and their hash. */
export function encodeLeaf(value) {
  const next = value.nextAuthoritySet;
  const encoded = concat(
    u8(value.version), u32(value.parentNumber), bytes(value.parentHash),
    u64(next.id), u32(next.length), bytes(next.root), bytes(value.outbox), u64(value.time),
  );
  return { encoded: hex(encoded), hash: keccak(encoded) };
}

/** SCALE bytes of a BEEFY commitment, and the hash that is signed. */
export function encodeCommitment(value) {
  const encoded = concat(
    compact(value.payload.length),
    ...value.payload.flatMap(({ id, data }) => [bytes(id), compact(bytes(data).length), bytes(data)]),
    u32(value.blockNumber), u64(value.validatorSetId),
  );
  return { encoded: hex(encoded), hash: keccak(encoded) };
}

/** The payload with this MMR root. */
export const payloadOf = (root) => [{ id: '0x6d68', data: root }];

/** Validators with known keys; `name` tells sets apart. */
export function validators(name, size) {
  const accounts = [...Array(size).keys()].map((i) => privateKeyToAccount(label(`${name} ${i}`)));
  const addresses = accounts.map((account) => account.address.toLowerCase());
  return { accounts, addresses, keyset: tree(addresses).root };
}

/** Signatures of the validators with these indices: 65 bytes, r ‖ s ‖ v, v 0 or 1 as Substrate writes it. */
export async function sign(set, hash, indices) {
  const signatures = [];
  for (const i of indices) {
    const signature = await set.accounts[i].sign({ hash });
    signatures.push(signature.slice(0, -2) + (parseInt(signature.slice(-2), 16) - 27).toString(16).padStart(2, '0'));
  }
  return { bitfield: `${indices.reduce((bits, i) => bits | (1n << BigInt(i)), 0n)}`, signatures };
}
