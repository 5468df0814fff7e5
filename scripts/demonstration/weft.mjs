// What the demonstration asks of a Weft node.

// Storage keys: twox128 of the pallet's name, twox128 of the item's.
const BEEFY_AUTHORITIES = '0x2ecf93be7260df120a495bd3855c0e60c52aa943bf0908860a3eea0fad707cdc';
const BEEFY_NEXT_AUTHORITIES = '0x2ecf93be7260df120a495bd3855c0e600c98535b82c72faf3c64974094af4643';

const TIMESTAMP_NOW = '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb';

export class Weft {
  #id = 0;

  constructor(url) {
    this.url = url;
  }

  async request(method, ...params) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message} ${error.data ?? ''}`);
    return result;
  }

  async height(hash) {
    return Number((await this.request('chain_getHeader', ...(hash ? [hash] : []))).number);
  }

  genesis() {
    return this.request('chain_getBlockHash', 0);
  }

  /** Height that BEEFY has signed; an error before the first. */
  async signedHeight() {
    return this.height(await this.request('beefy_getFinalizedHead'));
  }

  /** Timestamp of the newest block, in seconds since 1970. */
  async time() {
    const bytes = Buffer.from((await this.request('state_getStorage', TIMESTAMP_NOW)).slice(2), 'hex');
    return bytes.readBigUInt64LE(0) / 1000n;
  }

  /** The validator sets that a gateway starts from: the current one and the one after it. */
  async validatorSets() {
    const read = async (key) => {
      // SCALE: id u64, length u32, root of the addresses' Merkle tree.
      const bytes = Buffer.from((await this.request('state_getStorage', key)).slice(2), 'hex');
      return {
        id: bytes.readBigUInt64LE(0),
        length: bytes.readUInt32LE(8),
        root: `0x${bytes.subarray(12, 44).toString('hex')}`,
      };
    };
    return { current: await read(BEEFY_AUTHORITIES), next: await read(BEEFY_NEXT_AUTHORITIES) };
  }
}
