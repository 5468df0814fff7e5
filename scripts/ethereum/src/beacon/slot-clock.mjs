/**
 * Drives the chain by the wall clock: one block in every slot, none skipped. If the machine was too slow, the missed
 * slots are produced back to back until the chain has caught up; a genesis in the past is a fast-forward, for free.
 */

/**
 * Starts producing blocks.
 *
 * @param {import("./chain.mjs").BeaconChain} chain
 * @param {{readyAtSlot: number, verbose: boolean}} options
 * @returns {{ready: Promise<void>, failed: Promise<Error>, stop: () => Promise<void>}} `stop` resolves once the block
 *   under way is finished or given up
 */
export function followSlots(chain, {readyAtSlot, verbose}) {
  let stopped = false;
  let wake = () => {};
  let reportReady;
  let reportFailure;
  const ready = new Promise((resolve, reject) => {
    reportReady = resolve;
    reportFailure = reject;
  });
  const failed = new Promise((resolve) => ready.catch(() => {}).then(() => running.catch(resolve)));

  const waitUntil = (time) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, time - Date.now()));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run() {
    while (!stopped) {
      if (chain.head.slot >= readyAtSlot) reportReady();
      const slot = chain.head.slot + 1;
      await waitUntil((chain.genesisTime + slot * chain.secondsPerSlot) * 1000);
      if (stopped) return;
      const startedAt = Date.now();
      try {
        await chain.produceBlock(slot);
      } catch (error) {
        if (stopped) return;
        throw new Error(`the block of slot ${slot} could not be produced: ${error.message}`, {cause: error});
      }
      if (verbose) {
        process.stderr.write(
          `slot ${slot}: finalized epoch ${chain.finalizedCheckpoint.epoch}, ${Date.now() - startedAt} ms, ` +
            `${Math.round(process.memoryUsage().rss / 1e6)} MB\n`
        );
      }
    }
  }

  const running = run();
  running.catch(reportFailure);

  return {
    ready,
    failed,
    stop: async () => {
      stopped = true;
      wake();
      await running.catch(() => {});
    },
  };
}
