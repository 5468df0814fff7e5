// A developer's session in polkadot.js: metadata decodes, a zkGraph is registered, a run offered and read back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiPromise, HttpProvider, Keyring, WsProvider } from '@polkadot/api';
import { startNode } from './node.mjs';

let node;
let provider;
let api;
let alice;

/** SCALE types of a manifest (primitives/src/manifest.rs): the chain takes it as bytes. */
const MANIFEST_TYPES = {
  WeftEventSource: { chainId: 'u64', kind: 'u8', addresses: 'Vec<H160>', topics: 'Vec<Vec<H256>>' },
  WeftDestination: { chainId: 'u64', gateway: 'H160', target: 'H160', selector: '[u8; 4]', gasLimit: 'u64' },
  WeftManifest: {
    version: 'u16', name: 'Text', description: 'Text', sources: 'Vec<WeftEventSource>',
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
    version: 1, name: 'transfers', description: 'of one token', state: 0,
    sources: [{ chainId: 1337, kind: 1, addresses: [`0x${'22'.repeat(20)}`], topics: [] }],
    destination: null,
  };
  api.registry.register(MANIFEST_TYPES);
  return api.createType('WeftManifest', value).toHex();
};

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

  const blocks = [{ chainId: 1337, number: 7, hash: `0x${'55'.repeat(32)}`, transactions: [] }];
  const offered = await send(api.tx.proofSettlement.offer(graph, blocks, 10n ** 15n, 50), alice);
  const { data } = offered.find(({ method }) => method === 'JobOffered');
  const job = await weft('job', data.job.toNumber());
  assert.equal(job.status, 'open');
  assert.equal(job.graph, graph);
  assert.equal(job.blocks[0].number, 7);
});

test('a wrong call names its error', async () => {
  const unknown = `0x${'66'.repeat(32)}`;
  const blocks = [{ chainId: 1337, number: 7, hash: unknown, transactions: [] }];
  await assert.rejects(
    send(api.tx.proofSettlement.offer(unknown, blocks, 10n ** 15n, 50), alice),
    (error) => error.name.length > 0 && error.docs.join('').length > 10,
  );
});

test('the node answers the same over HTTP', async () => {
  const http = await ApiPromise.create({ provider: new HttpProvider(node.url.replace('ws', 'http')), noInitWarn: true });
  assert.equal(http.genesisHash.toHex(), api.genesisHash.toHex());
  await http.disconnect();
});
