// A gate before a server, which can be closed: connections are refused and cut, as if the server were away.
import { connect, createServer } from 'node:net';

export class Gate {
  #server;
  #sockets = new Set();

  /** A gate before the server at `url`; resolves when it is open. */
  static async before(url) {
    const gate = new Gate();
    gate.target = new URL(url);
    await gate.open();
    return gate;
  }

  /** Where the server is reached through the gate. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async open() {
    this.#server = createServer((socket) => {
      const onward = connect(Number(this.target.port), this.target.hostname);
      for (const [one, other] of [[socket, onward], [onward, socket]]) {
        this.#sockets.add(one);
        one.on('close', () => { this.#sockets.delete(one); other.destroy(); });
        one.on('error', () => other.destroy());
      }
      socket.pipe(onward).pipe(socket);
    });
    // Not waited for at the end: the gate must not keep the program alive.
    this.#server.unref();
    await new Promise((resolve, reject) => {
      this.#server.on('error', reject);
      this.#server.listen(this.port ?? 0, '127.0.0.1', resolve);
    });
    this.port = this.#server.address().port;
  }

  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
