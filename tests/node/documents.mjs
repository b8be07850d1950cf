// Documents: PROTOCOL.md 9.1 and 9.8. The plaintext of a resource, its place in the tree, and a key between two others.

import { parse, stringify } from "./json.mjs";
import { Refused, Undecryptable } from "./errors.mjs";
import { fromBase64 } from "./text.mjs";

const KINDS = ["workspace", "folder", "request", "environment", "cookie_jar"];
const SCHEMA = 1;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ORDER = /^[0-9A-Za-z]{1,200}$/;

/** Read a plaintext; raises Refused with the reason for which it stays as it is: "malformed" or "newer_schema". */
export function readDocument(bytes) {
  let document;
  try {
    document = parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Refused("malformed");
  }
  const { s, t, p, o, d } = isObject(document) ? document : {};
  if (!Number.isSafeInteger(s) || s < 1 || typeof t !== "string") throw new Refused("malformed");
  if (s > SCHEMA || !KINDS.includes(t)) throw new Refused("newer_schema");
  if (t === "workspace" ? p !== null : !isId(p)) throw new Refused("malformed");
  if (typeof o !== "string" || !ORDER.test(o) || !isObject(d)) throw new Refused("malformed");
  return document;
}

export function writeDocument(document) {
  const bytes = Buffer.from(stringify(document), "utf8");
  readDocument(bytes);
  return bytes;
}

/** A document with other fields; everything that this client does not know stays. */
export function edited(document, fields) {
  return { ...document, d: { ...document.d, ...fields } };
}

export const newDocument = (t, p, o, d) => ({ s: SCHEMA, t, p, o, d });

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isId(value) {
  try {
    return fromBase64(value, 16) !== undefined;
  } catch (error) {
    if (error instanceof Refused || error instanceof Undecryptable) return false;
    throw error;
  }
}

/** Order of siblings: by `o` as ASCII, then by the bytes of the id. */
export function inOrder([oneId, one], [otherId, other]) {
  if (one.o !== other.o) return one.o < other.o ? -1 : 1;
  return Buffer.compare(fromBase64(oneId), fromBase64(otherId));
}

/** An order key between two others; undefined stands for the open end. Keys are fractions in base 62. */
export function between(before, after) {
  let key = "";
  let bounded = after !== undefined;
  for (let place = 0; place < 200; place += 1) {
    const low = Math.max(0, DIGITS.indexOf(before?.[place] ?? "0"));
    const high = bounded ? DIGITS.indexOf(after[place] ?? "0") : 62;
    if (high - low > 1) return key + DIGITS[(low + high) >> 1];
    key += DIGITS[low];
    if (low < high) bounded = false;
  }
  throw new Error(`there is no key between ${before} and ${after}`);
}
