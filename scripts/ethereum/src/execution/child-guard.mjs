/**
 * Loaded into the execution client's process before the client itself (`node --import`). Two guards that the client
 * has no option for, and one against a fault that would stop the chain:
 *
 * - It ends with its parent. The IPC channel closes when the parent is gone, however it went, even by SIGKILL.
 * - It listens on loopback only. The client opens its peer-to-peer port on 0.0.0.0.
 * - A transaction that cannot pay the base fee waits in the pool. The client fails to build any block while the first
 *   transaction of an account cannot: `txsByPriceAndNonce` puts "undefined" among the candidates.
 */
import net from "node:net";
import {TxPool} from "@ethereumjs/client/dist/esm/src/service/txpool.js";

/** Time to flush the databases, in milliseconds. */
const GRACE_MS = 3000;

process.on("disconnect", () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, "SIGTERM");
});

const originalListen = net.Server.prototype.listen;
net.Server.prototype.listen = function listen(...args) {
  return originalListen.apply(this, args.map((arg) => (arg === "0.0.0.0" || arg === "::" ? "127.0.0.1" : arg)));
};

const originalSelection = TxPool.prototype.txsByPriceAndNonce;
TxPool.prototype.txsByPriceAndNonce = function txsByPriceAndNonce(vm, options = {}) {
  const canPay = ([, entries]) => {
    const first = entries.map(({tx}) => tx).reduce((a, b) => (b.nonce < a.nonce ? b : a));
    return this.normalizedGasPrice(first) >= (options.baseFee ?? 0n);
  };
  // The same pool, but for the accounts that have to wait.
  const selectable = Object.create(this, {pool: {value: new Map([...this.pool].filter(canPay))}});
  return originalSelection.call(selectable, vm, options);
};
