// The demonstration: real transfers on a local Ethereum, which Weft sees become final; a zkGraph that a trigger runs over them, proved; the
// result back on Ethereum.
// scripts/demo sets everything up and calls this.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configure, deploy } from '../../contracts/deploy.mjs';
import { Ethereum, artifact } from '../../contracts/ethereum.mjs';
import { Gate } from './gate.mjs';
import { Network } from './network.mjs';
import { Processes, freePort, run, tail, until } from './processes.mjs';
import { Timeline } from './timeline.mjs';
import { sendTransfers, sumByLogs } from './transfers.mjs';
import { Weft } from './weft.mjs';

/** How long the gateway believes a validator set, in seconds: a week, half of the time for which Weft keeps bonds. */
const TRUST_PERIOD = 604_800n;

const root = join(import.meta.dirname, '../..');
const USAGE = `Usage: scripts/demo [options]

  --once         end when all transfers are read: 0 if the contract on Ethereum holds the expected numbers, 1 if not
  --json FILE    write the timeline as JSON
  --transfers N  transfers to send (default 8)
  --faults       take the relayer, the beacon node and the execution client away, one after the other, while Weft waits for them
  --validators N a network of so many validators with keys of their own and short sessions instead of one (4 to 16); with --faults one of them is
                 killed too, for good
  --keep-logs    keep the folder with the processes' logs
  --help`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'string' },
        transfers: { type: 'string', default: '8' },
        faults: { type: 'boolean', default: false },
        validators: { type: 'string', default: '1' },
        'keep-logs': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!/^[1-9]\d?$/.test(values.transfers)) throw new Error('--transfers is a number from 1 to 99');
    if (!/^([14-9]|1[0-6])$/.test(values.validators)) throw new Error('--validators is 1, or a number from 4 to 16');
    return values;
  } catch (error) {
    console.error(`demo: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** How long a fault lasts: some slots of the local Ethereum. */
const AWAY_MS = 8_000;
/** The account //Alice, which every development chain has. */
const ALICE = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const project = join(root, 'zkgraphs/examples/transfer-volume');
const arguments_ = options();
if (arguments_.help) {
  console.log(USAGE);
  process.exit(0);
}

const bin = process.env.WEFT_BIN;
const folder = mkdtempSync(join(tmpdir(), 'weft-demo-'));
const processes = new Processes(folder);
let failed;
const failure = new Promise((_, reject) => { failed = reject; });
failure.catch(() => {});

async function end(code) {
  await processes.stop();
  if (arguments_['keep-logs']) console.log(`Logs: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));

/** Call the `weft` command. */
const weft = async (...args) => JSON.parse(await run(join(bin, 'weft'), ['--json', ...args]));

async function startEthereum() {
  const [rpc, engine, beacon] = [await freePort(), await freePort(), await freePort()];
  const { path } = processes.start('ethereum', process.execPath, [
    join(root, 'scripts/ethereum/main.mjs'), '--rpc-port', rpc, '--engine-port', engine, '--beacon-port', beacon,
    '--fast-forward', '33', '--seconds-per-slot', '2', '--until-stdin-closes',
  ].map(String), { onFailure: failed });
  const ready = await until('the local Ethereum', async () => {
    const line = readFileSync(path, 'utf8').split('\n').find((text) => text.startsWith('{"ready"'));
    return line ? JSON.parse(line) : null;
  });
  return ready;
}

/** Validators with keys of their own, and sessions so short that the gateway sees several. */
async function startNetwork(count) {
  const network = new Network({ bin, processes, folder, count, epochBlocks: 15 });
  const nodes = [];
  for (let index = 0; index < count; index += 1) nodes.push(await network.start(index));
  await until('a block that BEEFY signed', async () => (await nodes[0].weft.signedHeight()) > 0, { seconds: 180 });
  return { node: nodes[0].weft, url: nodes[0].url, killOne: () => network.crash(nodes.at(-1)) };
}

async function startNode() {
  if (arguments_.validators !== '1') return startNetwork(Number(arguments_.validators));
  const port = await freePort();
  processes.start('node', join(bin, 'weft-node'), [
    '--dev', '--base-path', join(folder, 'node'), '--rpc-port', String(port), '--port', String(await freePort()),
    '--prometheus-port', String(await freePort()), '--no-telemetry',
  ], { onFailure: failed });
  const node = new Weft(`http://127.0.0.1:${port}`);
  await until('a block that BEEFY signed', async () => (await node.signedHeight()) > 0, { seconds: 180 });
  return { node, url: `ws://127.0.0.1:${port}` };
}

async function main() {
  const timeline = new Timeline();
  const chain = await timeline.step('start a local Ethereum', 'Ethereum', startEthereum);
  const [deployer, relayer, ...others] = chain.accounts;
  const ethereum = new Ethereum(chain.rpc, deployer.privateKey);
  const { node, url, killOne } = await timeline.step('start validators, first block signed', 'Weft', startNode);

  await timeline.step('follow Ethereum from a checkpoint', 'Weft', async () => {
    await run(join(bin, 'weft-worker'), [
      'checkpoint', '--node', url, '--ethereum', chain.rpc, '--beacon', chain.beacon, '--key', '//Alice',
    ]);
    return { block: await node.height() };
  });

  const contracts = await timeline.step('deploy gateway, token, receiver', 'Ethereum', async () => {
    const { current, next } = await node.validatorSets();
    const deployed = await deploy(ethereum, {
      weftGenesis: await node.genesis(), current, next, namedAt: await node.time(), trustPeriod: TRUST_PERIOD, demo: true,
    });
    return { ...deployed, gas: deployed.gas.gateway };
  });
  const { addresses } = contracts;
  const token = { address: addresses.token, abi: artifact('TestToken').abi };
  const receiver = { address: addresses.volumeReceiver, abi: artifact('VolumeReceiver').abi };
  const gateway = { address: addresses.gateway, abi: artifact('Gateway').abi };

  await timeline.step('compile the zkGraph', 'author', () => weft('compile', '--project', project));
  const start = Number(await ethereum.request('eth_blockNumber')) + 1;
  const variables = {
    CHAIN: contracts.chainId, START: start, TOKEN: token.address, GATEWAY: gateway.address, RECEIVER: receiver.address,
  };
  const published = await timeline.step('publish the zkGraph, an index', 'Weft', async () => {
    const set = Object.entries(variables).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const { graph, block } = await weft('publish', '--project', project, ...set, '--node', url, '--account', '//Alice');
    return { graph, block: await node.height(block) };
  });
  const owned = ['--project', project, '--graph', published.graph, '--node', url, '--account', '//Alice'];
  await timeline.step('put a bounty on its runs', 'Weft', async () => {
    await weft('trigger', 'set', ...owned, '--deposit', '10', '--interval', '4');
    return { block: await node.height() };
  });
  await timeline.step('promise pay for deliveries', 'Weft', async () => {
    await weft('reward', 'sponsor', ...owned, '--deposit', '10', '--reward', '1');
    return { block: await node.height() };
  });
  await timeline.step('name the zkGraph to its destination', 'Ethereum', () =>
    configure(ethereum, { receiver: receiver.address, graph: published.graph, owner: ALICE }));

  const gates = { execution: await Gate.before(chain.rpc), beacon: await Gate.before(chain.beacon) };
  processes.start('compute', join(bin, 'weft-worker'), [
    'compute', '--json', '--node', url, '--ethereum', gates.execution.url, '--key', '//Bob', '--work-dir', join(folder, 'work'),
  ], { onFailure: failed });
  const startRelayer = () => processes.start('relay', join(bin, 'weft-worker'), [
    'relay', '--json', '--node', url, '--ethereum', gates.execution.url, '--gateway', gateway.address,
    '--beacon', gates.beacon.url, '--key', '//Charlie',
  ], { env: { WEFT_ETHEREUM_KEY: relayer.privateKey }, onFailure: failed });
  startRelayer();

  const count = Number(arguments_.transfers);
  const sent = await timeline.step(`send ${count} transfers`, 'Ethereum', async () => {
    const recipients = Array.from({ length: count }, (_, i) => others[i % others.length].address);
    const receipts = await sendTransfers(ethereum, token, recipients);
    return { block: Math.max(...receipts.map(({ blockNumber }) => Number(blockNumber))) };
  });
  if (arguments_.faults) {
    if (killOne) await timeline.step('one validator is killed', 'faults', killOne);
    const away = (what, leave, comeBack) => timeline.step(`${what} is away`, 'faults', async () => {
      await leave();
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      await comeBack();
    });
    await away('the relayer', () => processes.crash('relay'), startRelayer);
    await away('the beacon node', () => gates.beacon.close(), () => gates.beacon.open());
    await away('the execution client', () => gates.execution.close(), () => gates.execution.open());
  }
  const final = await timeline.step('their blocks known to be final', 'Weft', async () => {
    const block = await until('finality', async () => {
      const { newestBlock } = await node.request('weft_ethereum');
      return newestBlock?.number >= sent.block ? newestBlock : null;
    }, { seconds: 180 });
    return { ...block, block: await node.height() };
  });

  // Nobody offers a run: the worker starts them. Several, if finality came between the transfers.
  const runs = [];
  for (let read = start - 1; read < sent.block; ) {
    const job = await settled(timeline, node, runs.length);
    const delivered = await timeline.step('relayed and accepted', 'Ethereum', () => delivery(ethereum, gateway, job.message));
    await timeline.step('the same by `weft result proof`', 'Ethereum', () => proofOfOnesOwn({ gateway, node, url, rpc: chain.rpc, ethereum }, job.message, delivered.block));
    const { first, number } = job.blocks[0];
    runs.push({ first, last: number, delivered, total: await ethereum.read(receiver, 'volumeAt', [BigInt(number)]) });
    read = number;
  }

  let ok = runs[0].first === start;
  const result = [];
  for (const [index, { first, last, total: [volume, largest, total] }] of runs.entries()) {
    const expected = await sumByLogs(ethereum, token, first, last);
    const sum = await sumByLogs(ethereum, token, start, last);
    ok &&= volume === expected.volume && largest === expected.largest && total === sum.volume;
    ok &&= index === 0 || first === runs[index - 1].last + 1;
    result.push({ first, last, transfers: expected.count, volume: String(volume), largest: String(largest), total: String(total) });
  }
  ok &&= result.reduce((all, { transfers }) => all + transfers, 0) >= count;
  const { bounty, runs: paid } = await node.request('weft_trigger', published.graph);
  const zkwasm = proofFigures();
  console.log(`\nThe contract ${receiver.address} on Ethereum holds:`);
  for (const { first, last, transfers, volume, largest, total } of result) {
    console.log(`  blocks ${first} to ${last}, ${transfers} transfers: volume ${volume}, largest ${largest}, running total ${total}`);
  }
  console.log(`eth_getLogs says ${ok ? 'the same' : 'SOMETHING ELSE'}. The bounty paid ${paid} run${paid === 1 ? '' : 's'}; ${bounty} plancks are left.`);
  console.log(`From nothing to there: ${timeline.seconds.toFixed(0)} s.`);
  if (arguments_.json) timeline.write(arguments_.json, { ok, result, zkwasm, runs: runs.map(({ delivered }) => delivered), final });
  if (arguments_.once) return end(ok ? 0 : 1);
  console.log(`\nStill running: Weft ${url} (open https://polkadot.js.org/apps/?rpc=${encodeURIComponent(url)}), Ethereum ${chain.rpc}, beacon ${chain.beacon}`);
  console.log(`Logs in ${folder}. Ctrl-C ends everything.`);
  return failure;
}

/** Follow a job to its end, a step for each thing that happens to it. */
async function settled(timeline, node, id) {
  const follow = (name, field) =>
    timeline.step(name, 'Weft', async () => {
      const job = await until(name, async () => {
        const now = await node.request('weft_job', Number(id)).catch(() => null);
        if (!now) return null;
        if (['trapped', 'expired'].includes(now.status)) {
          throw new Error(`the job is ${now.status}; the worker says:\n${tail(join(folder, 'compute.log'))}`);
        }
        return now[field] === null ? null : now;
      }, { seconds: 300 });
      return { ...job, block: job[field] };
    });
  await follow('run started by the worker', 'lockedAt');
  return follow('proved and settled', 'settledAt');
}

/** Wait until the gateway delivered a message. */
async function delivery(ethereum, gateway, nonce) {
  await until('delivery on Ethereum', async () => Number(await ethereum.read(gateway, 'statusOf', [BigInt(nonce)])) === 2, { seconds: 180 });
  const [log] = await ethereum.request('eth_getLogs', {
    fromBlock: '0x0', toBlock: 'latest', address: gateway.address,
    topics: [DELIVERED, `0x${BigInt(nonce).toString(16).padStart(64, '0')}`],
  });
  const receipt = await ethereum.request('eth_getTransactionReceipt', log.transactionHash);
  return { block: Number(receipt.blockNumber), gas: Number(receipt.gasUsed) };
}

/** What `weft result proof` prints would have delivered the message, in the block before it was delivered. */
async function proofOfOnesOwn({ gateway, node, url, rpc, ethereum }, nonce, block) {
  const { calldata } = await weft('result', 'proof', String(nonce), '--node', url, '--gateway', gateway.address, '--ethereum', rpc);
  const answer = await ethereum.request('eth_call', { to: gateway.address, data: calldata, gas: '0xf00000' }, `0x${(block - 1).toString(16)}`);
  const { block: settledIn } = await node.request('weft_resultProof', nonce);
  const { firstNonce, leaves } = await node.request('weft_blockResults', settledIn);
  if (nonce < firstNonce || nonce >= firstNonce + leaves.length) throw new Error(`weft_blockResults ${settledIn} lacks message ${nonce}`);
  if (BigInt(answer) !== 1n) throw new Error(`the gateway answers ${answer} to what "weft result proof ${nonce}" prints`);
  return { block };
}

/** keccak256("Delivered(uint64,bytes32)"). */
const DELIVERED = '0xdf6e8eba7a314e8b5d6bd1364f8a1f32392ad163c0fefb79d835a564b07445fc';

/** What the worker reported of the proof, if it has. */
function proofFigures() {
  const lines = readFileSync(join(folder, 'compute.log'), 'utf8').split('\n');
  const last = (text) => JSON.parse(lines.findLast((line) => line.includes(text)) ?? '{}');
  try {
    const { timestamp, level, message, target, ...proved } = last('"proof_bytes"');
    if (proved.proof_bytes === undefined) return null;
    return {
      ...proved,
      folding_seconds: proved.seconds - proved.final_proof_seconds,
      constraints_per_instruction: proved.constraints / proved.instructions,
      verify_seconds: last('"the proof is right"').seconds,
    };
  } catch {
    return null;
  }
}

Promise.race([main(), failure]).catch(async (error) => {
  console.error(`\ndemo: ${error.message}`);
  await end(1);
});
