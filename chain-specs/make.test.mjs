// Founders are checked before anything is made of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFounders, withFounders } from './make.mjs';

/** Takes any text for a key, but for what begins with "bad". */
const inspect = (scheme, text) => (text.startsWith('bad') ? null : text);

const founder = (name, changes = {}) => ({
  name, account: `account ${name}`, babe: `babe ${name}`, grandpa: `grandpa ${name}`, beefy: `beefy ${name}`, bond: '10000', funds: '1.5', ...changes,
});

test('amounts are WEFT with up to twelve decimals', () => {
  const [{ bond, funds }] = checkFounders([founder('a', { bond: '10000.000000000001' })], inspect);
  assert.deepEqual([bond, funds], [10_000n * 10n ** 12n + 1n, 15n * 10n ** 11n]);
  for (const wrong of ['', '-1', '1e6', '1.0000000000001', null]) {
    assert.throws(() => checkFounders([founder('a', { bond: wrong })], inspect), /founder 1 \(a\): bond is a number of WEFT/);
  }
});

test('what is missing, malformed or there twice is named', () => {
  assert.throws(() => checkFounders([], inspect), /no founders/);
  assert.throws(() => checkFounders({}, inspect), /no founders/);
  assert.throws(() => checkFounders([founder('a', { beefy: undefined })], inspect), /founder 1 \(a\) has no beefy/);
  assert.throws(() => checkFounders([founder('a', { grandpa: 'bad' })], inspect), /grandpa is no SS58 address of a ed25519 key: bad/);
  assert.throws(() => checkFounders([founder('a'), founder('b', { babe: 'babe a' })], inspect), /founder 2 \(b\): babe is also babe of founder 1 \(a\)/);
});

test('founders have their bonds beside their funds, and nobody else is a validator', () => {
  const plain = { genesis: { runtimeGenesis: { patch: { session: { keys: ['old'] }, validators: { bonds: ['old'], limits: [4, 100] } } } } };
  const founders = checkFounders([founder('a'), founder('b')], inspect);
  const { patch } = withFounders(plain, founders, { name: 'Test', sudo: 'somebody' }).genesis.runtimeGenesis;
  assert.deepEqual(patch.validators.limits, [4, 100]);
  assert.deepEqual(patch.validators.bonds.map(([account]) => account), ['account a', 'account b']);
  assert.deepEqual(patch.balances.balances[0], ['account a', 100_015n * 10n ** 11n]);
  assert.deepEqual(patch.session.keys[1], ['account b', 'account b', { babe: 'babe b', grandpa: 'grandpa b', beefy: 'beefy b' }]);
  assert.deepEqual([plain.name, patch.sudo], ['Test', { key: 'somebody' }]);
});
