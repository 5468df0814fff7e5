/**
 * The JSON-RPC server that users talk to. It passes every request to the execution client, and mends what
 * `rpc-mends.mjs` lists.
 */
import http from "node:http";
import {RpcError, rpcCall} from "./rpc-call.mjs";
import {mends} from "./rpc-mends.mjs";

/** Largest request body, in bytes. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** JSON-RPC error codes. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INTERNAL_ERROR = -32603;

/** Reads a request body as text. */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the request is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Creates the front; it does not listen yet.
 *
 * @returns {{server: http.Server, forwardTo: (url: string) => void, close: () => Promise<void>}}
 */
export function createRpcFront() {
  let clientUrl;
  const call = (method, params) => {
    if (!clientUrl) throw new RpcError(method, {code: INTERNAL_ERROR, message: "the execution client is starting"});
    return rpcCall(clientUrl, method, params);
  };

  async function answer(request) {
    const {id = null, method} = request ?? {};
    // alloy sends null where a method has no parameters.
    const params = request?.params ?? [];
    const failure = (code, message, data) => ({
      jsonrpc: "2.0",
      id,
      error: data === undefined ? {code, message} : {code, message, data},
    });
    if (typeof method !== "string" || !Array.isArray(params)) {
      return failure(INVALID_REQUEST, "a request needs a method and an array of params");
    }
    try {
      const mend = mends.get(method);
      const result = mend ? await mend(params, call) : await call(method, params);
      return {jsonrpc: "2.0", id, result: result ?? null};
    } catch (error) {
      if (error instanceof RpcError) return failure(error.code, error.rpcMessage, error.data);
      return failure(INTERNAL_ERROR, `the execution client did not answer: ${error.message}`);
    }
  }

  const server = http.createServer(async (request, response) => {
    let reply;
    try {
      const body = JSON.parse(await readBody(request));
      reply = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
    } catch (error) {
      reply = {jsonrpc: "2.0", id: null, error: {code: PARSE_ERROR, message: error.message}};
    }
    response.writeHead(200, {"content-type": "application/json"});
    response.end(JSON.stringify(reply));
  });

  return {
    server,
    forwardTo: (url) => {
      clientUrl = url;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
