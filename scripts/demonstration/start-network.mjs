// Starts a network of validators and says every few seconds how far it is. scripts/network sets everything up and calls this.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Network, finalHeight } from './network.mjs';
import { Processes } from './processes.mjs';

const USAGE = `Usage: scripts/network [options]

  --validators N    how many validators (default 4, at most 16)
  --epoch-blocks N  blocks of a session, after which others may validate (default 100, at least 10)
  --folder DIR      keep the chain's specification, keys, data and logs there; it must not exist. By default they are in a temporary folder
                    and go when the network stops
  --help

Blocks are two seconds apart. Everybody knows the keys of //Alice to //Ferdie: they have funds there, and //Alice is root.`;

/** How often it is said how far the network is. */
const REPORT_MS = 10_000;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        validators: { type: 'string', default: '4' },
        'epoch-blocks': { type: 'string', default: '100' },
        folder: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const [count, epochBlocks] = [Number(values.validators), Number(values['epoch-blocks'])];
    if (!Number.isInteger(count) || count < 1 || count > 16) throw new Error('--validators is a number from 1 to 16');
    if (!Number.isInteger(epochBlocks) || epochBlocks < 10) throw new Error('--epoch-blocks is a number, 10 at least');
    return { ...values, count, epochBlocks };
  } catch (error) {
    console.error(`network: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { count, epochBlocks, folder: kept, help } = options();
if (help) {
  console.log(USAGE);
  process.exit(0);
}
let folder;
try {
  if (kept) mkdirSync(kept);
  folder = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), 'weft-network-'));
} catch (error) {
  console.error(`network: cannot make the folder ${kept}: ${error.message}`);
  process.exit(2);
}
const processes = new Processes(folder);

async function end(code) {
  await processes.stop();
  if (!kept) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));

try {
  const network = new Network({ bin: process.env.WEFT_BIN, processes, folder, count, epochBlocks });
  console.log(`specification  ${network.spec}\n`);
  const nodes = [];
  for (let index = 0; index < count; index += 1) {
    const node = await network.start(index);
    nodes.push(node);
    console.log(`${node.name}  ${node.url}  ${node.account}\n             data ${node.base}, log ${join(folder, node.name)}.log`);
  }
  console.log(`\nAnother node follows with: weft-node --chain ${network.spec} --sync warp --bootnodes ${network.bootnode}\n`);
  for (;;) {
    const heights = await Promise.all(nodes.map(async ({ weft }) => {
      try {
        return `${await weft.height()}/${await finalHeight(weft)}/${await weft.signedHeight().catch(() => 0)}`;
      } catch {
        return 'away';
      }
    }));
    console.log(`best/final/signed  ${heights.join('  ')}`);
    await new Promise((done) => setTimeout(done, REPORT_MS));
  }
} catch (error) {
  console.error(`network: ${error.message}`);
  await end(1);
}
