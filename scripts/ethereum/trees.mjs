/**
 * Lodestar's trees of beacon blocks and states, to compare others with.
 *
 * Reads from standard input one JSON object `{preset, fork, body, state}`: names of fields of a block's body and of a state, as paths
 * (`["validators", 3, "pubkey"]`, in camel case). Writes `{body, state}`, each `{bytes, root, fields}`: a value in which every list has items,
 * serialized; its root; and for each path `{index, node, branch}`: the generalized index, the node there, and its branch from below. With
 * `indicesOnly` nothing but the indices.
 */
import {text} from "node:stream/consumers";

const {preset, fork, body, state, indicesOnly} = JSON.parse(await text(process.stdin));
// Lodestar reads the preset when it is first imported.
process.env.LODESTAR_PRESET = preset;
const {Tree} = await import("@chainsafe/persistent-merkle-tree");
const {
  BitArray, BitListType, BitVectorType, ByteListType, ContainerType, ListBasicType, ListCompositeType, VectorBasicType, VectorCompositeType,
} = await import("@chainsafe/ssz");
const {ssz} = await import("@lodestar/types");
const {toHex} = await import("@lodestar/utils");

/** Items that a list gets. */
const ITEMS = 5;

let count = 0;

/** A byte that differs from place to place. */
function byte() {
  count = (count * 31 + 7) % 251;
  return count;
}

/** A value of a type, without zeros where it can be helped, and with items in its lists. */
function sample(type) {
  if (type instanceof ContainerType) {
    return Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, sample(field)]));
  }
  if (type instanceof ListBasicType || type instanceof ListCompositeType) {
    return Array.from({length: Math.min(ITEMS, type.limit)}, () => sample(type.elementType));
  }
  if (type instanceof VectorBasicType || type instanceof VectorCompositeType) {
    return Array.from({length: type.length}, () => sample(type.elementType));
  }
  if (type instanceof ByteListType) return new Uint8Array(Math.min(77, type.limitBytes)).map(byte);
  if (type instanceof BitListType) return BitArray.fromBoolArray(Array.from({length: 13}, () => byte() % 2 === 0));
  if (type instanceof BitVectorType) return BitArray.fromBoolArray(Array.from({length: type.lengthBits}, () => byte() % 2 === 0));
  const value = type.defaultValue();
  if (typeof value === "number") return byte();
  if (typeof value === "bigint") return BigInt(byte());
  if (typeof value === "boolean") return true;
  return value.map(byte);
}

/** What is said of a type. */
function describe(type, paths) {
  if (indicesOnly) return {fields: paths.map((path) => ({index: type.getPathInfo(path).gindex.toString()}))};
  const value = sample(type);
  const view = type.toView(value);
  const tree = new Tree(view.node);
  return {
    bytes: toHex(type.serialize(value)),
    root: toHex(type.hashTreeRoot(value)),
    fields: paths.map((path) => {
      const {gindex} = type.getPathInfo(path);
      return {
        index: gindex.toString(),
        node: toHex(tree.getRoot(gindex)),
        branch: tree.getSingleProof(gindex).map(toHex),
      };
    }),
  };
}

const types = ssz[fork];
process.stdout.write(
  JSON.stringify({body: describe(types.BeaconBlockBody, body), state: describe(types.BeaconState, state)}),
);
