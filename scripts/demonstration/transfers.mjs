// ERC-20 transfers for the demonstration: sent, and summed independently of Weft.
import { calldata } from '../../contracts/ethereum.mjs';

/** keccak256("Transfer(address,address,uint256)"). */
export const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/** Send transfers one after the other without waiting, so that several share a block; resolves to their receipts. */
export async function sendTransfers(ethereum, token, recipients) {
  const chainId = Number(await ethereum.request('eth_chainId'));
  let nonce = Number(await ethereum.request('eth_getTransactionCount', ethereum.account.address, 'latest'));
  const { baseFeePerGas } = await ethereum.request('eth_getBlockByNumber', 'latest', false);
  const tip = 1_000_000_000n;
  const hashes = [];
  for (const [index, to] of recipients.entries()) {
    const amount = BigInt(1 + index) ** 3n * 10n ** 15n + BigInt(Date.now() % 100_000);
    const raw = await ethereum.account.signTransaction({
      type: 'eip1559', chainId, nonce: nonce++, to: token.address, gas: 100_000n, value: 0n,
      data: calldata(token, 'transfer', [to, amount]),
      maxPriorityFeePerGas: tip, maxFeePerGas: 2n * BigInt(baseFeePerGas) + tip,
    });
    hashes.push(await ethereum.request('eth_sendRawTransaction', raw));
  }
  const receipts = [];
  for (const hash of hashes) {
    for (let tries = 0; ; tries += 1) {
      const receipt = await ethereum.request('eth_getTransactionReceipt', hash);
      if (receipt) { receipts.push(receipt); break; }
      if (tries === 240) throw new Error(`transfer ${hash} was not mined`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return receipts;
}

/** Sum and largest transfer of a token in the blocks from `first` to `last`, by `eth_getLogs`. */
export async function sumByLogs(ethereum, token, first, last) {
  const [fromBlock, toBlock] = [first, last].map((block) => `0x${block.toString(16)}`);
  const logs = await ethereum.request('eth_getLogs', { fromBlock, toBlock, address: token.address, topics: [TRANSFER] });
  const amounts = logs.map(({ data }) => BigInt(data));
  return {
    volume: amounts.reduce((sum, amount) => sum + amount, 0n),
    largest: amounts.reduce((most, amount) => (amount > most ? amount : most), 0n),
    count: amounts.length,
  };
}
