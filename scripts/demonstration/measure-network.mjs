// Measures blocks and finality of a network of four: all well, one killed, one back, one on a link that loses packets (where nftables and the rights for it are there).
//   WEFT_BIN=target/debug node scripts/demonstration/measure-network.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Network, finalHeight } from './network.mjs';
import { Processes, until } from './processes.mjs';

/** How long each state is watched, and how often it is looked at. */
const [WATCH_MS, LOOK_MS] = [90_000, 500];

const folder = mkdtempSync(join(tmpdir(), 'weft-measure-'));
const processes = new Processes(folder);
const nft = (...args) => execFileSync('nft', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

/** Blocks, final blocks and signed blocks a minute, and how far finality and signatures are behind the best block, on average. */
async function watch(weft) {
  const sample = async () => ({ best: await weft.height(), final: await finalHeight(weft), signed: await weft.signedHeight() });
  const [start, first] = [Date.now(), await sample()];
  let [last, looks, behind, unsigned] = [first, 0, 0, 0];
  while (Date.now() - start < WATCH_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    last = await sample();
    looks += 1;
    behind += last.best - last.final;
    unsigned += last.best - last.signed;
  }
  const minutes = (Date.now() - start) / 60_000;
  const rate = (key) => ((last[key] - first[key]) / minutes).toFixed(1);
  return { blocks: rate('best'), final: rate('final'), signed: rate('signed'), finalBehind: (behind / looks).toFixed(1), signedBehind: (unsigned / looks).toFixed(1) };
}

/** Lose so many of a hundred packets to and from a port. */
function lose(port, percent) {
  nft('add', 'table', 'inet', 'weft_loss');
  nft('add', 'chain', 'inet', 'weft_loss', 'in', '{ type filter hook input priority 0 ; }');
  for (const side of ['sport', 'dport']) nft('add', 'rule', 'inet', 'weft_loss', 'in', 'tcp', side, String(port), 'numgen', 'random', 'mod', '100', '<', String(percent), 'drop');
}

async function main() {
  const network = new Network({ bin: process.env.WEFT_BIN, processes, folder, epochBlocks: 50 });
  const nodes = [];
  for (let index = 0; index < 4; index += 1) nodes.push(await network.start(index));
  const [{ weft }] = nodes;
  await until('a block that BEEFY signed', async () => (await weft.signedHeight()) > 5, { seconds: 180 });
  const rows = [];
  const row = async (state) => { rows.push({ state, ...(await watch(weft)) }); console.log(JSON.stringify(rows.at(-1))); };
  await row('four validators');
  await network.crash(nodes[3]);
  await row('one of them killed');
  const height = await finalHeight(weft);
  const back = Date.now();
  nodes[3] = await network.start(3);
  await until('it to catch up', async () => (await finalHeight(nodes[3].weft)) >= height);
  console.log(JSON.stringify({ state: 'back', secondsToCatchUp: (Date.now() - back) / 1000 }));
  for (const percent of [5, 20, 40]) {
    try {
      lose(nodes[3].network, percent);
    } catch (error) {
      console.log(`no packets are lost here: ${error.message.split('\n')[0]}`);
      break;
    }
    await row(`one loses ${percent} of 100 packets`);
    console.log(JSON.stringify({ itsFinalBehind: (await weft.height()) - (await finalHeight(nodes[3].weft)) }));
    nft('delete', 'table', 'inet', 'weft_loss');
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1; }).finally(async () => {
  try { nft('delete', 'table', 'inet', 'weft_loss'); } catch { /* it is gone */ }
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});
