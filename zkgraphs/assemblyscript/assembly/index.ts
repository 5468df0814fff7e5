export { keccak256, poseidon, sha256 } from "./hash";
export {
  adviceWord,
  inputLength,
  inputWord,
  keccakF1600,
  multiplyAddModulo,
  outputWord,
  poseidonPermute,
  secp256k1Add,
  sha256Compress,
} from "./host";
export { account, block, field, header, input, log, source, state, transaction } from "./input";
export { beginOutput } from "./output";
export { recover } from "./secp256k1";
export { U256, swap } from "./u256";
