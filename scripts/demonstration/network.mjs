// A network of validators on this machine: each a process with keys and data of its own, on a chain made for them.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { make } from '../../chain-specs/make.mjs';
import { freePort, until } from './processes.mjs';
import { Weft } from './weft.mjs';

/** Session keys: name in a chain specification, key type in a keystore, scheme. */
const SESSION_KEYS = [['babe', 'babe', 'sr25519'], ['grandpa', 'gran', 'ed25519'], ['beefy', 'beef', 'ecdsa']];

/** One WEFT, in plancks. */
export const WEFT = 10n ** 12n;
/** What each validator has bonded at genesis, and what it has beside that, in plancks. */
export const BOND = 100_000n * WEFT;
const FUNDS = 1_000_000n * WEFT;

export class Network {
  #bin;
  #processes;
  #folder;
  #spec;
  #bootnode;

  /** Accounts and keys of the validators: `{ name, phrase, account, public: { babe, grandpa, beefy } }`. */
  validators = [];

  /** Make keys for `count` validators and a chain on which they are the first; start nobody yet. */
  constructor({ bin, processes, folder, count = 4, blockMilliseconds = 2_000, epochBlocks = 100 }) {
    [this.#bin, this.#processes, this.#folder] = [bin, processes, folder];
    for (let index = 0; index < count; index += 1) this.validators.push(this.identity(`validator-${index + 1}`));
    this.#makeChain({ blockMilliseconds, epochBlocks });
  }

  /** The chain's specification, as nodes read it. */
  get spec() {
    return this.#spec;
  }

  /** Address of the node that was started first. */
  get bootnode() {
    return this.#bootnode;
  }

  #node(...args) {
    return execFileSync(join(this.#bin, 'weft-node'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 27 });
  }

  /** What a secret URI stands for: `publicKey`, `ss58Address`, `ss58PublicKey`, `secretSeed` and more. */
  inspect(scheme, uri) {
    return JSON.parse(this.#node('key', 'inspect', '--scheme', scheme, '--output-type', 'json', uri));
  }

  /** A new account with session keys derived from one phrase. */
  identity(name) {
    const { secretPhrase: phrase, ss58Address: account } = JSON.parse(this.#node('key', 'generate', '--scheme', 'sr25519', '--output-type', 'json'));
    const keys = SESSION_KEYS.map(([key, , scheme]) => [key, this.inspect(scheme, `${phrase}//${key}`).ss58PublicKey]);
    return { name, phrase, account, public: Object.fromEntries(keys) };
  }

  #makeChain({ blockMilliseconds, epochBlocks }) {
    this.#spec = make({
      node: (...args) => this.#node(...args),
      base: 'local',
      founders: this.validators.map(({ account, public: keys }) => ({ account, keys, bond: BOND, funds: FUNDS })),
      out: this.#folder,
      name: 'Weft network',
      id: 'weft_network',
      cadence: { blockMilliseconds, epochBlocks },
    }).raw;
  }

  /** Start a validator, or start it again with what it had. */
  async start(index) {
    const validator = this.validators[index];
    validator.base ??= join(this.#folder, validator.name);
    if (!validator.hasKeys) {
      for (const [key, type, scheme] of SESSION_KEYS) {
        this.#node('key', 'insert', '--chain', this.#spec, '--base-path', validator.base, '--key-type', type, '--scheme', scheme, '--suri', `${validator.phrase}//${key}`);
      }
      validator.hasKeys = true;
    }
    return this.#run(validator, ['--validator']);
  }

  /** Start a node that only follows. */
  async follow(name, ...args) {
    return this.#run({ name, base: join(this.#folder, name) }, args);
  }

  async #run(node, args) {
    node.port ??= await freePort();
    node.network ??= await freePort();
    const network = join(node.base, 'network.key');
    if (!node.peer) {
      mkdirSync(node.base, { recursive: true });
      this.#node('key', 'generate-node-key', '--file', network);
      node.peer = this.#node('key', 'inspect-node-key', '--file', network).trim();
    }
    const address = `/ip4/127.0.0.1/tcp/${node.network}`;
    this.#bootnode ??= `${address}/p2p/${node.peer}`;
    this.#processes.start(node.name, join(this.#bin, 'weft-node'), [
      '--chain', this.#spec, '--base-path', node.base, '--name', node.name, '--rpc-port', String(node.port),
      '--listen-addr', address, '--node-key-file', network, '--no-prometheus', '--no-telemetry', '--no-mdns', '--allow-private-ip',
      '--rpc-methods', 'unsafe', '--bootnodes', this.#bootnode, ...args,
    ]);
    node.weft = new Weft(`http://127.0.0.1:${node.port}`);
    node.url = `ws://127.0.0.1:${node.port}`;
    await until(`${node.name} to answer`, () => node.weft.height().then((height) => height >= 0), { seconds: 180 });
    return node;
  }

  /** Kill a node as a crash would. */
  crash(node) {
    return this.#processes.crash(node.name);
  }
}

/** Height of the newest block that GRANDPA finalised, as a node knows it. */
export async function finalHeight(weft) {
  return weft.height(await weft.request('chain_getFinalizedHead'));
}
