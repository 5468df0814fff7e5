// Makes a chain's specification: a built-in chain, with the founders that are its first validators.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `Usage: node chain-specs/make.mjs --founders FILE --out DIR [options]

  --founders FILE  JSON: [{ "name", "account", "babe", "grandpa", "beefy", "bond", "funds" }, …]. The account and the keys are SS58, as
                   \`weft-node key generate\` prints them; bond and funds are in WEFT, decimal: what is bonded, and what the account has beside
  --out DIR        where chain.json (to read) and chain.raw.json (to run) go
  --base CHAIN     the built-in chain to begin with (default testnet)
  --name NAME      what user interfaces show
  --id ID          what folders of nodes are named
  --sudo ACCOUNT   the account that may act as root (default: nobody)
  --bootnode ADDR  where others are found, /ip4/…/tcp/…/p2p/…; may be repeated
  --node FILE      weft-node (default target/debug/weft-node)`;

/** Plancks to a WEFT. */
const WEFT = 10n ** 12n;
/** Session keys of a founder and their schemes. */
const KEYS = { babe: 'sr25519', grandpa: 'ed25519', beefy: 'ecdsa' };

/** JSON with integers of any size. */
const encode = (value) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `#${item}#` : item), 1).replace(/"#(\d+)#"/g, '$1');

/** WEFT, decimal, in plancks. */
function plancks(text, what) {
  const parts = /^(\d+)(?:\.(\d{1,12}))?$/.exec(String(text ?? ''));
  if (!parts) throw new Error(`${what} is a number of WEFT with at most 12 decimals, not "${text}"`);
  return BigInt(parts[1]) * WEFT + BigInt((parts[2] ?? '').padEnd(12, '0'));
}

/** Check founders and bring them into one form; throws with what is wrong. */
export function checkFounders(founders, inspect) {
  if (!Array.isArray(founders) || founders.length === 0) throw new Error('there are no founders: give a JSON list of them');
  const seen = new Map();
  return founders.map((founder, index) => {
    const who = `founder ${index + 1} (${founder?.name ?? 'without a name'})`;
    const address = (field, scheme) => {
      const text = founder?.[field];
      if (typeof text !== 'string') throw new Error(`${who} has no ${field}`);
      const key = inspect(scheme, text);
      if (!key) throw new Error(`${who}: ${field} is no SS58 address of a ${scheme} key: ${text}`);
      const other = seen.get(key);
      // The account may be the same as a session key's nowhere either: a key that is lost or leaked should be one thing.
      if (other) throw new Error(`${who}: ${field} is also ${other}`);
      seen.set(key, `${field} of ${who}`);
      return text;
    };
    return {
      account: address('account', 'sr25519'),
      keys: Object.fromEntries(Object.entries(KEYS).map(([field, scheme]) => [field, address(field, scheme)])),
      bond: plancks(founder.bond, `${who}: bond`),
      funds: plancks(founder.funds ?? 0, `${who}: funds`),
    };
  });
}

/** What a built-in chain becomes with founders: the plain specification. `plain` is changed. */
export function withFounders(plain, founders, { name, id, sudo, bootNodes = [], cadence } = {}) {
  Object.assign(plain, { ...(name && { name }), ...(id && { id }), bootNodes });
  const { patch } = plain.genesis.runtimeGenesis;
  patch.balances ??= {};
  patch.balances.balances = [...(patch.balances.balances ?? []), ...founders.map(({ account, bond, funds }) => [account, bond + funds])];
  patch.session = { ...patch.session, keys: founders.map(({ account, keys }) => [account, account, keys]) };
  patch.validators = { ...patch.validators, bonds: founders.map(({ account, bond }) => [account, bond]) };
  if (cadence) patch.cadence = cadence;
  if (sudo) patch.sudo = { key: sudo };
  return plain;
}

/** Makes and writes a specification, plain and raw; resolves to the paths. `node` runs weft-node and gives what it prints. */
export function make({ node, base = 'testnet', founders, out, ...options }) {
  const plain = withFounders(JSON.parse(node('export-chain-spec', '--chain', base)), founders, options);
  const [file, raw] = [join(out, 'chain.json'), join(out, 'chain.raw.json')];
  writeFileSync(file, encode(plain));
  writeFileSync(raw, node('export-chain-spec', '--chain', file, '--raw'));
  return { plain: file, raw };
}

function main() {
  let options;
  try {
    options = parseArgs({
      options: {
        founders: { type: 'string' }, out: { type: 'string' }, base: { type: 'string', default: 'testnet' }, name: { type: 'string' }, id: { type: 'string' },
        sudo: { type: 'string' }, bootnode: { type: 'string', multiple: true, default: [] }, node: { type: 'string' }, help: { type: 'boolean', default: false },
      },
    }).values;
    if (options.help) return console.log(USAGE);
    if (!options.founders || !options.out) throw new Error('--founders and --out are needed');
  } catch (error) {
    console.error(`make: ${error.message}\n\n${USAGE}`);
    return process.exit(2);
  }
  const program = options.node ?? join(process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../target'), 'debug/weft-node');
  const node = (...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 27 });
  const inspect = (scheme, address) => {
    try {
      return JSON.parse(node('key', 'inspect', '--scheme', scheme, '--output-type', 'json', address)).publicKey;
    } catch {
      return null;
    }
  };
  try {
    const founders = checkFounders(JSON.parse(readFileSync(options.founders, 'utf8')), inspect);
    mkdirSync(options.out, { recursive: true });
    const { base, name, id, sudo, out, bootnode: bootNodes } = options;
    const { plain, raw } = make({ node, base, founders, out, name, id, sudo, bootNodes });
    const digest = createHash('sha256').update(readFileSync(raw)).digest('hex');
    console.log(`${plain}\n${raw}\n${founders.length} founders; sha256 of the raw file, for all to compare: ${digest}`);
  } catch (error) {
    console.error(`make: ${error.message}`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
