export { inputLength, inputWord, outputWord } from "./host";
export { block, input, log, state } from "./input";
export { beginOutput } from "./output";
export { U256, swap } from "./u256";
