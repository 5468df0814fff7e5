/**
 * Loaded into the execution client's process before the client itself (`node --import`). Two guards that the client
 * has no option for:
 *
 * - It ends with its parent. The IPC channel closes when the parent is gone, however it went, even by SIGKILL.
 * - It listens on loopback only. The client opens its peer-to-peer port on 0.0.0.0.
 */
import net from "node:net";

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
