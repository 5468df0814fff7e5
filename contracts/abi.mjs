// Copies the ABIs that other parts of Weft read from forge's output to abi/, or with --check says whether they are current.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const CONTRACTS = ['Gateway', 'TestToken', 'VolumeReceiver'];

let stale = 0;
for (const name of CONTRACTS) {
  const { abi } = JSON.parse(readFileSync(join(here, `out/${name}.sol/${name}.json`), 'utf8'));
  const text = JSON.stringify(abi, null, 1) + '\n';
  const path = join(here, `abi/${name}.json`);
  if (process.argv.includes('--check')) {
    let there = '';
    try {
      there = readFileSync(path, 'utf8');
    } catch {
      // Missing is stale.
    }
    if (there === text) continue;
    console.error(`abi/${name}.json is not current: run "npm run abi"`);
    stale += 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
process.exitCode = stale ? 1 : 0;
