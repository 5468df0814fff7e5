// How much of an ERC-20 token moved in a range of blocks, the largest transfer, and the total over all runs: the same results as the
// Rust example, byte for byte.

import { beginOutput, input, log, state, U256 } from "weft-zkgraph/assembly";

export function run(): void {
  let total = new U256();
  let volume = new U256();
  let largest = new U256();
  let amount = new U256();

  input.open();
  if (state.length() > 0) state.readU256(0, total);
  input.nextSource();
  while (input.nextBlock()) {
    while (input.nextLog()) {
      // The form of EIP-20: sender and receiver indexed, the amount not.
      if (log.topicCount() != 3 || log.dataLength() != 32) continue;
      log.readData(0, amount);
      volume.add(amount);
      if (amount.isAbove(largest)) largest.set(amount);
    }
  }
  total.add(volume);

  beginOutput(32, 96);
  total.write();
  volume.write();
  largest.write();
  total.write();
}
