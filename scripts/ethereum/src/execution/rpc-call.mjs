/**
 * JSON-RPC 2.0 over HTTP.
 */

/** An error that the server answered, with its JSON-RPC `code` and `data`. */
export class RpcError extends Error {
  /**
   * @param {string} method
   * @param {{code: number, message: string, data?: unknown}} error
   */
  constructor(method, error) {
    super(`${method}: ${error.message}`);
    this.code = error.code;
    this.data = error.data;
    this.rpcMessage = error.message;
  }
}

/**
 * Calls one method.
 *
 * @param {string} url
 * @param {string} method
 * @param {unknown[]} [params]
 * @returns {Promise<any>} the result; rejects with {@link RpcError} if the server answers an error
 */
export async function rpcCall(url, method, params = []) {
  const response = await fetch(url, {
    method: "POST",
    headers: {"content-type": "application/json"},
    body: JSON.stringify({jsonrpc: "2.0", id: 1, method, params}),
  });
  const answer = await response.json();
  if (answer.error) throw new RpcError(method, answer.error);
  return answer.result;
}
