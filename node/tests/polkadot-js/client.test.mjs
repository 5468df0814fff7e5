// A developer's session in polkadot.js: metadata decodes, a zkGraph is registered, a run offered and read back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ApiPromise, HttpProvider, Keyring, WsProvider } from '@polkadot/api';
import { startNode } from './node.mjs';

let node;
let provider;
let api;
let alice;

/** SCALE types of a manifest (primitives/src/manifest.rs): the chain takes it as bytes. */
const MANIFEST_TYPES = {
  WeftEventFilter: { addresses: 'Vec<H160>', topics: 'Vec<Vec<H256>>' },
  WeftEvents: { chainId: 'u64', filter: 'WeftEventFilter' },
  // The first variant has index 1.
  WeftQuery: { _enum: { unused: 'Null', events: 'WeftEvents' } },
  WeftDestination: { chainId: 'u64', gateway: 'H160', target: 'H160', selector: '[u8; 4]', gasLimit: 'u64' },
  WeftManifest: {
    version: 'u16', name: 'Text', description: 'Text', sources: 'Vec<WeftQuery>',
    destination: 'Option<WeftDestination>', state: 'u8',
  },
};

/** One of Weft's own methods: the answer as JSON. */
const weft = (method, ...params) => provider.send(`weft_${method}`, params);

/** Send and wait until the transaction is in a block; resolves to its events, or rejects with the error's name. */
function send(call, signer) {
  return new Promise((resolve, reject) => {
    call.signAndSend(signer, ({ status, events, dispatchError }) => {
      if (!status.isInBlock) return;
      if (dispatchError?.isModule) {
        const { section, name, docs } = api.registry.findMetaError(dispatchError.asModule);
        reject(Object.assign(new Error(`${section}.${name}: ${docs.join(' ')}`), { section, name, docs }));
      } else if (dispatchError) {
        reject(new Error(dispatchError.toString()));
      } else {
        resolve(events.map(({ event }) => event));
      }
    }).catch(reject);
  });
}

const manifest = () => {
  const value = {
    version: 2, name: 'transfers', description: 'of one token', state: 0,
    sources: [{ events: { chainId: 1337, filter: { addresses: [`0x${'22'.repeat(20)}`], topics: [] } } }],
    destination: null,
  };
  api.registry.register(MANIFEST_TYPES);
  return api.createType('WeftManifest', value).toHex();
};

/** Sets a checkpoint of a recorded beacon chain, whose execution chain has the id 1337. */
async function followEthereum() {
  const path = join(import.meta.dirname, '../../../pallets/data-bus/src/benchmarking/updates.scale');
  const recorded = new Uint8Array(readFileSync(path));
  const [network, checkpoint] = api.tx.dataBus.resetLightClient.meta.args.map(({ type }) => type.toString());
  const first = api.createType(network, recorded);
  const second = api.createType(checkpoint, recorded.subarray(first.encodedLength));
  await send(api.tx.sudo.sudo(api.tx.dataBus.resetLightClient(first, second)), alice);
}

before(async () => {
  node = await startNode();
  provider = new WsProvider(node.url);
  api = await ApiPromise.create({ provider, noInitWarn: true });
  alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
});

after(async () => {
  await api?.disconnect();
  await node?.stop();
});

test('metadata decodes, and every call, event and error of our pallets is documented', () => {
  for (const name of ['zkGraphRegistry', 'dataBus', 'proofSettlement', 'outbox']) {
    const pallet = api.runtimeMetadata.asLatest.pallets.find(
      (one) => one.name.toString().toLowerCase() === name.toLowerCase(),
    );
    assert.ok(pallet, `no pallet ${name}`);
    for (const part of ['calls', 'events', 'errors']) {
      if (pallet[part].isNone) continue;
      const { def } = api.registry.lookup.getSiType(pallet[part].unwrap().type);
      for (const variant of def.asVariant.variants) {
        assert.ok(variant.docs.length > 0, `${name}.${variant.name} has no documentation`);
      }
    }
  }
});

test('a zkGraph is registered, a run of it offered, and both are read back', async () => {
  const program = { digest: `0x${'33'.repeat(32)}`, uri: 'file:///nowhere.wasm' };
  const registered = await send(api.tx.zkGraphRegistry.register(1, `0x${'44'.repeat(37)}`, manifest(), program), alice);
  const event = registered.find(({ section, method }) => section === 'zkGraphRegistry' && method.includes('Registered'));
  assert.ok(event, `no event of the registration among ${registered.map(({ method }) => method)}`);
  const graph = event.data.graph.toHex();

  const listed = await weft('listZkGraphs', alice.address);
  assert.equal(listed.find(({ id }) => id === graph)?.owner, alice.address);

  const blocks = [{ chainId: 1337, first: 5, number: 7, hash: `0x${'55'.repeat(32)}`, transactions: [] }];
  const offer = () => send(api.tx.proofSettlement.offer(graph, blocks, 10n ** 15n, 200), alice);
  await assert.rejects(offer(), ({ section, name }) => section === 'dataBus' && name === 'ChainNotFollowed');
  await followEthereum();
  const offered = await offer();
  const { data } = offered.find(({ method }) => method === 'JobOffered');
  const job = await weft('job', data.job.toNumber());
  assert.equal(job.status, 'open');
  assert.equal(job.graph, graph);
  assert.deepEqual([job.blocks[0].first, job.blocks[0].number], [5, 7]);
  assert.equal(job.deadline, (await weft('ethereum')).clock + 200);
});

test('a wrong call names its error', async () => {
  const unknown = `0x${'66'.repeat(32)}`;
  const blocks = [{ chainId: 1337, first: 7, number: 7, hash: unknown, transactions: [] }];
  await assert.rejects(
    send(api.tx.proofSettlement.offer(unknown, blocks, 10n ** 15n, 200), alice),
    (error) => error.name.length > 0 && error.docs.join('').length > 10,
  );
});

test('the node answers the same over HTTP', async () => {
  const http = await ApiPromise.create({ provider: new HttpProvider(node.url.replace('ws', 'http')), noInitWarn: true });
  assert.equal(http.genesisHash.toHex(), api.genesisHash.toHex());
  await http.disconnect();
});
