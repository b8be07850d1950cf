// One request to a sync server: PROTOCOL.md, 1.5 and chapter 6.

import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIPv4 } from "node:net";
import { connect as tlsConnect } from "node:tls";

import { same } from "./crypto.mjs";
import { NetworkFailure, Problem, Refused } from "./errors.mjs";
import { fromBase64 } from "./text.mjs";

const USER_AGENT = "insomnia-desktop-node-client/1.0.0";
const LONGEST_BODY = 4194304;
const LONGEST_EVENT = 65536;
const DEEPEST = 16;
const PATIENCE_MS = 60_000;

/** A server's address, and requests to it. */
export class Server {
  #url;
  #pin;

  constructor(address) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || url.pathname !== "/" || url.search || url.username || url.password) {
      throw new Refused("server");
    }
    if (url.protocol === "http:" ? !isLoopback(url.hostname) || url.hash : url.protocol !== "https:") {
      throw new Refused("server");
    }
    if (url.hash) this.#pin = fromBase64(url.hash.slice(1), 32);
    this.#url = url;
  }

  /** Send one request; returns the object of a 200 or 201, undefined of a 204, throws the problem of all else. */
  async send(method, path, { body, token } = {}) {
    return readAnswer(await this.#request(method, path, { body, token }));
  }

  /** Ask for something unless it is still what had this tag; returns {value, etag}, no value if it is (9.3). */
  async sendForTag(path, etag, token) {
    const answer = await this.#request("GET", path, { token, headers: etag ? { "If-None-Match": etag } : {} });
    if (etag && answer.response.statusCode === 304) return { etag };
    return { value: readAnswer(answer), etag: answer.response.headers.etag };
  }

  /** Open a stream of events; calls `opened`, then `take` with name and data of each until it returns false (9.6). */
  async events(token, opened, take) {
    const headers = { "User-Agent": USER_AGENT, Accept: "text/event-stream", Authorization: `Bearer ${token}` };
    await this.#exchange("GET", "/v1/events", headers, undefined, async (response) => {
      const type = (response.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
      if (response.statusCode !== 200 || type !== "text/event-stream") {
        readAnswer({ response, bytes: await readBody(response) });
        throw new Error(`content type ${type}`);
      }
      opened();
      let rest = "";
      for await (const piece of response.setEncoding("utf8")) {
        const blocks = (rest + piece).split("\n\n");
        rest = blocks.pop();
        if (rest.length > LONGEST_EVENT) throw new Error("an event is too long");
        for (const block of blocks) {
          const event = readEvent(block);
          if (event !== undefined && take(event.name, event.data) === false) return;
        }
      }
    });
  }

  #request(method, path, { body, token, headers: more = {} }) {
    const headers = { "User-Agent": USER_AGENT, Accept: "application/json, application/problem+json", ...more };
    let content;
    if (body !== undefined) {
      content = Buffer.from(JSON.stringify(body), "utf8");
      headers["Content-Type"] = "application/json";
      headers["Content-Length"] = content.length;
    }
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    const whole = async (response) => ({ response, bytes: await readBody(response) });
    return this.#exchange(method, path, headers, content, whole);
  }

  #exchange(method, path, headers, content, readResponse) {
    const options = { method, headers, timeout: PATIENCE_MS };
    if (this.#pin === undefined) options.agent = false;
    else options.createConnection = (target, made) => this.#connectPinned(target, made);
    const start = this.#url.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = start(new URL(path, this.#url.origin), options, (response) => {
        readResponse(response).then((answer) => {
          resolve(answer);
          if (!response.complete) request.destroy();
        }, fail);
      });
      function fail(error) {
        request.destroy();
        const told = error instanceof Problem || error instanceof NetworkFailure;
        reject(told ? error : new NetworkFailure(error.code ?? error.message));
      }
      request.on("timeout", () => fail(new Error("timeout")));
      request.on("error", fail);
      request.end(content);
    });
  }

  /** Trust exactly the pinned certificate, before a byte of the request is written. */
  #connectPinned(target, made) {
    const socket = tlsConnect({ host: target.host, port: target.port, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerCertificate();
      if (certificate.raw && same(createHash("sha256").update(certificate.raw).digest(), this.#pin)) {
        socket.off("error", made);
        made(null, socket);
      } else {
        socket.destroy(new Error("another certificate than the pinned one"));
      }
    });
    socket.once("error", made);
  }
}

function isLoopback(host) {
  return host === "localhost" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));
}

async function readBody(response) {
  const pieces = [];
  let length = 0;
  for await (const piece of response) {
    length += piece.length;
    if (length > LONGEST_BODY) throw new Error("the answer is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function readAnswer({ response, bytes }) {
  const status = response.statusCode;
  const type = (response.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (status === 204) return undefined;
  if (status === 200 || status === 201) {
    if (type !== "application/json") throw new NetworkFailure(`content type ${type}`);
    return readObject(bytes);
  }
  if (status < 400 || type !== "application/problem+json") throw new NetworkFailure(`status ${status}`);
  const problem = readObject(bytes);
  if (typeof problem.code !== "string") throw new NetworkFailure(`status ${status} without a code`);
  throw new Problem(status, problem.code, problem.field, response.headers["retry-after"]);
}

/** {name, data} of the lines of one event; undefined for a comment. */
function readEvent(block) {
  const fields = {};
  for (const line of block.split("\n").filter((each) => each && !each.startsWith(":"))) {
    const colon = line.indexOf(": ");
    fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  return fields.event && { name: fields.event, data: readObject(Buffer.from(fields.data ?? "", "utf8")) };
}

function readObject(bytes) {
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new NetworkFailure("no JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new NetworkFailure("no JSON object");
  if (depth(value) > DEEPEST) throw new NetworkFailure("JSON too deep");
  return value;
}

function depth(value) {
  if (value === null || typeof value !== "object") return 0;
  return 1 + Object.values(value).reduce((deepest, inner) => Math.max(deepest, depth(inner)), 0);
}
