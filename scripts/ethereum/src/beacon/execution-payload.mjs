/**
 * Execution payloads between the Engine API's JSON and the beacon chain's types.
 * Source: https://github.com/ethereum/execution-apis/blob/main/src/engine/prague.md
 */
import {createHash} from "node:crypto";
import {ssz} from "@lodestar/types";
import {fromHex, toHex} from "@lodestar/utils";

/** A number as the Engine API's QUANTITY. */
const quantity = (number) => `0x${BigInt(number).toString(16)}`;

/** Where the fees go: an address nobody holds the key of. */
const FEE_RECIPIENT = `0x${"11".repeat(20)}`;

/** Prefix of a blob's versioned hash (EIP-4844). */
const VERSIONED_HASH_VERSION_KZG = 1;

/** Field and SSZ type of each execution request, by its type byte (EIP-7685). */
const REQUESTS = [
  {field: "deposits", type: ssz.electra.DepositRequests}, // EIP-6110
  {field: "withdrawals", type: ssz.electra.WithdrawalRequests}, // EIP-7002
  {field: "consolidations", type: ssz.electra.ConsolidationRequests}, // EIP-7251
];

/**
 * What the execution client must know to build the payload of a slot.
 *
 * @param {import("@lodestar/state-transition").BeaconStateView} state advanced to the slot
 * @param {number} timestamp Unix seconds of the slot
 * @param {Uint8Array} parentRoot root of the parent beacon block
 */
export function payloadAttributes(state, timestamp, parentRoot) {
  return {
    timestamp: quantity(timestamp),
    prevRandao: toHex(state.getRandaoMix(state.epoch)),
    suggestedFeeRecipient: FEE_RECIPIENT,
    withdrawals: state.getExpectedWithdrawals().expectedWithdrawals.map((withdrawal) => ({
      index: quantity(withdrawal.index),
      validatorIndex: quantity(withdrawal.validatorIndex),
      address: toHex(withdrawal.address),
      amount: quantity(withdrawal.amount),
    })),
    parentBeaconBlockRoot: toHex(parentRoot),
  };
}

/**
 * Reads ExecutionPayloadV3.
 *
 * @param {object} json
 * @returns {object} an ExecutionPayload of Deneb and later
 */
export function payloadFromJson(json) {
  return {
    parentHash: fromHex(json.parentHash),
    feeRecipient: fromHex(json.feeRecipient),
    stateRoot: fromHex(json.stateRoot),
    receiptsRoot: fromHex(json.receiptsRoot),
    logsBloom: fromHex(json.logsBloom),
    prevRandao: fromHex(json.prevRandao),
    blockNumber: Number(json.blockNumber),
    gasLimit: Number(json.gasLimit),
    gasUsed: Number(json.gasUsed),
    timestamp: Number(json.timestamp),
    extraData: fromHex(json.extraData),
    baseFeePerGas: BigInt(json.baseFeePerGas),
    blockHash: fromHex(json.blockHash),
    transactions: json.transactions.map((transaction) => fromHex(transaction)),
    withdrawals: json.withdrawals.map((withdrawal) => ({
      index: Number(withdrawal.index),
      validatorIndex: Number(withdrawal.validatorIndex),
      address: fromHex(withdrawal.address),
      amount: BigInt(withdrawal.amount),
    })),
    blobGasUsed: BigInt(json.blobGasUsed),
    excessBlobGas: BigInt(json.excessBlobGas),
  };
}

/**
 * Reads execution requests: a type byte followed by the SSZ list of that type.
 *
 * @param {string[]} encoded
 * @returns {object} an ExecutionRequests of Electra
 */
export function requestsFromJson(encoded) {
  const requests = ssz.electra.ExecutionRequests.defaultValue();
  for (const hex of encoded) {
    const bytes = fromHex(hex);
    const known = REQUESTS[bytes[0]];
    if (!known) throw new Error(`execution request of unknown type ${bytes[0]}`);
    requests[known.field] = known.type.deserialize(bytes.slice(1));
  }
  return requests;
}

/**
 * Versioned hash of a blob's commitment.
 *
 * @param {Uint8Array} commitment
 * @returns {string}
 */
export function versionedHash(commitment) {
  const hash = createHash("sha256").update(commitment).digest();
  hash[0] = VERSIONED_HASH_VERSION_KZG;
  return toHex(hash);
}
