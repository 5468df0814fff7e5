#!/usr/bin/env node
// Deploys the gateway, and for a demonstration a test token and the receiver of its transfer volumes.
import { parseArgs } from 'node:util';
import { Ethereum, artifact } from './ethereum.mjs';

const USAGE = `Usage: DEPLOYER_KEY=0x… node deploy.mjs [options]              deploy; prints the addresses as JSON
       DEPLOYER_KEY=0x… node deploy.mjs configure [options]    tell a VolumeReceiver its zkGraph, once

  --rpc URL               the Ethereum node (default http://127.0.0.1:8545)
deploy:
  --weft-genesis HASH     hash of Weft's genesis block
  --current ID,LEN,ROOT   Weft's BEEFY validator set
  --next ID,LEN,ROOT      the set after it
  --named-at SECONDS      timestamp of the block of Weft at which these are the sets, since 1970
  --trust-period SECONDS  how long a set is believed; at most half of the time for which Weft keeps a bond (default 604800)
  --demo                  also deploy TestToken and VolumeReceiver
configure:
  --receiver ADDRESS      the VolumeReceiver
  --graph HASH            id of the zkGraph
  --owner HASH            account on Weft that owns it

The key is taken from the environment so that it shows in no list of processes. Run "forge build" first.`;

const validatorSet = (text) => {
  const [id, length, root] = (text ?? '').split(',');
  if (!/^\d+$/.test(id) || !/^\d+$/.test(length) || !/^0x[0-9a-fA-F]{64}$/.test(root)) {
    throw new Error(`a validator set is ID,LEN,ROOT, not "${text}"`);
  }
  return { id: BigInt(id), length: Number(length), root };
};

const seconds = (text) => {
  if (!/^\d+$/.test(text)) throw new Error(`a time or a period is a number of seconds, not "${text}"`);
  return BigInt(text);
};

/** Deploy; resolves to addresses, the block and the gas of each contract. */
export async function deploy(ethereum, { weftGenesis, current, next, namedAt, trustPeriod, demo = false }) {
  const gateway = await ethereum.create('Gateway', [weftGenesis, current, next, namedAt, trustPeriod]);
  const deployed = { gateway };
  if (demo) {
    deployed.token = await ethereum.create('TestToken', [10n ** 24n]);
    deployed.volumeReceiver = await ethereum.create('VolumeReceiver', [gateway.address]);
  }
  return {
    chainId: Number(await ethereum.request('eth_chainId')),
    block: Number(gateway.receipt.blockNumber),
    addresses: Object.fromEntries(Object.entries(deployed).map(([name, it]) => [name, it.address])),
    gas: Object.fromEntries(Object.entries(deployed).map(([name, it]) => [name, Number(it.receipt.gasUsed)])),
  };
}

/** Tell a VolumeReceiver its zkGraph. */
export async function configure(ethereum, { receiver, graph, owner }) {
  const { abi } = artifact('VolumeReceiver');
  const receipt = await ethereum.write({ address: receiver, abi }, 'configure', [graph, owner], 200_000n);
  return { block: Number(receipt.blockNumber), gas: Number(receipt.gasUsed) };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rpc: { type: 'string', default: 'http://127.0.0.1:8545' },
      'weft-genesis': { type: 'string' },
      current: { type: 'string' },
      next: { type: 'string' },
      'named-at': { type: 'string' },
      'trust-period': { type: 'string', default: '604800' },
      demo: { type: 'boolean', default: false },
      receiver: { type: 'string' },
      graph: { type: 'string' },
      owner: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!process.env.DEPLOYER_KEY) throw new Error('DEPLOYER_KEY is not set');
  const ethereum = new Ethereum(values.rpc, process.env.DEPLOYER_KEY);
  const result =
    positionals[0] === 'configure'
      ? await configure(ethereum, values)
      : await deploy(ethereum, {
          weftGenesis: values['weft-genesis'],
          current: validatorSet(values.current),
          next: validatorSet(values.next),
          namedAt: seconds(values['named-at']),
          trustPeriod: seconds(values['trust-period']),
          demo: values.demo,
        });
  console.log(JSON.stringify(result, null, 2));
}

if (import.meta.filename === process.argv[1]) {
  main().catch((error) => {
    console.error(`deploy: ${error.message}\n\n${USAGE}`);
    process.exitCode = 1;
  });
}
