#!/usr/bin/env node
// The command-line compiler that forge expects, over the JavaScript build of solc: npm ships no native binary.
// forge asks for `--version` and for `--standard-json` with the whole input, sources included, on standard input.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');

if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
} else {
  console.error('solc.mjs: only --version and --standard-json are supported');
  process.exitCode = 1;
}
