// The output of a run. Its layout is that of primitives/src/output.rs.

import { outputWord } from "./host";

/**
 * Starts the output: the lengths of the next state and of the payload for the destination, in bytes. Both must be multiples of
 * 8. Then write the words of the state, and then those of the payload.
 */
export function beginOutput(stateBytes: u32, payloadBytes: u32): void {
  outputWord(stateBytes);
  outputWord(payloadBytes);
}
