export { keccak256, poseidon, sha256 } from "./hash";
export {
  inputLength,
  inputWord,
  keccakF1600,
  multiplyAddModulo,
  outputWord,
  poseidonPermute,
  sha256Compress,
} from "./host";
export { block, input, log, state } from "./input";
export { beginOutput } from "./output";
export { U256, swap } from "./u256";
