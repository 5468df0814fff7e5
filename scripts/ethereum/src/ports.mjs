/**
 * TCP ports on loopback.
 */
import net from "node:net";

/** The only address this network listens on. */
export const LOOPBACK = "127.0.0.1";

/**
 * Starts a server on a loopback port.
 *
 * @param {net.Server} server
 * @param {number} port 0 for any free one
 * @param {string} option the option that chooses this port, named in the error
 * @returns {Promise<number>} the port it listens on; rejects with a message for the user if the port is taken
 */
export function listen(server, port, option) {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      if (error.code === "EADDRINUSE") {
        reject(new Error(`port ${port} is in use; stop what uses it, or choose another with --${option} (0 = any free port)`));
      } else if (error.code === "EACCES") {
        reject(new Error(`port ${port} may not be opened by this user; choose one above 1023 with --${option}`));
      } else {
        reject(error);
      }
    });
    server.listen(port, LOOPBACK, () => resolve(server.address().port));
  });
}

/**
 * Chooses a port for a server that another process will start, checking that it is free now.
 *
 * @param {number} port 0 for any free one
 * @param {string} option the option that chooses this port, named in the error
 * @returns {Promise<number>}
 */
export async function reservePort(port, option) {
  const server = net.createServer();
  const chosen = await listen(server, port, option);
  await new Promise((resolve) => server.close(resolve));
  return chosen;
}
