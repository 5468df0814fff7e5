/**
 * The Engine API, through which the beacon chain drives the execution client.
 * Source: https://github.com/ethereum/execution-apis/tree/main/src/engine
 */
import {rpcCall} from "./rpc-call.mjs";

/** A client of the Engine API. Every method rejects if the execution client does not say VALID. */
export class EngineApi {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
  }

  /**
   * Calls any method of the execution client.
   *
   * @param {string} method
   * @param {unknown[]} [params]
   */
  call(method, params = []) {
    return rpcCall(this.url, method, params);
  }

  /**
   * Names the head, the safe and the finalized block.
   *
   * @param {{head: string, safe: string, finalized: string}} hashes execution block hashes
   */
  async setHead(hashes) {
    await this.#forkchoice(hashes, null);
  }

  /**
   * Builds a block on the head. Unlike in geth, the payload is complete as soon as it is asked for, and holds every
   * transaction in the pool at that moment; no waiting time is needed.
   *
   * @param {{head: string, safe: string, finalized: string}} hashes
   * @param {object} attributes PayloadAttributesV3
   * @returns {Promise<object>} what engine_getPayloadV4 answers (Fulu's V5 differs only in the blobs bundle, and this
   *   client does not have it)
   */
  async buildPayload(hashes, attributes) {
    const {payloadId} = await this.#forkchoice(hashes, attributes);
    if (!payloadId) throw new Error("engine_forkchoiceUpdatedV3 gave no payload id");
    return this.call("engine_getPayloadV4", [payloadId]);
  }

  /**
   * Has a payload executed and checked.
   *
   * @param {object} payload ExecutionPayloadV3
   * @param {string[]} blobHashes versioned hashes of the blobs
   * @param {string} parentBeaconBlockRoot
   * @param {string[]} executionRequests
   */
  async importPayload(payload, blobHashes, parentBeaconBlockRoot, executionRequests) {
    const params = [payload, blobHashes, parentBeaconBlockRoot, executionRequests];
    const {status, validationError} = await this.call("engine_newPayloadV4", params);
    if (status !== "VALID") throw new Error(`engine_newPayloadV4 said ${status}: ${validationError}`);
  }

  async #forkchoice({head, safe, finalized}, attributes) {
    const state = {headBlockHash: head, safeBlockHash: safe, finalizedBlockHash: finalized};
    const answer = await this.call("engine_forkchoiceUpdatedV3", [state, attributes]);
    const {status, validationError} = answer.payloadStatus;
    if (status !== "VALID") throw new Error(`engine_forkchoiceUpdatedV3 said ${status}: ${validationError}`);
    return answer;
  }
}
