// What people type and what the wire carries as text: PROTOCOL.md, chapter 1 and 4.4.

import { createHash } from "node:crypto";

import { Refused } from "./errors.mjs";

const WHITE_AT_THE_ENDS = /^[\t-\r ]+|[\t-\r ]+$/g;
const EMAIL = /^[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,253}$/;
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The bytes as base64url without padding (1.1). */
export function toBase64(bytes) {
  return Buffer.from(bytes).toString("base64url");
}

/** The bytes of canonical base64url; with `length`, of exactly so many (1.1). */
export function fromBase64(text, length) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text)) throw new Refused("binary");
  const bytes = Buffer.from(text, "base64url");
  // Decoders take loose bits at the end; only the one spelling that encoding gives counts.
  if (toBase64(bytes) !== text) throw new Refused("binary");
  if (length !== undefined && bytes.length !== length) throw new Refused("binary");
  return bytes;
}

/** The canonical form of an e-mail address as typed (1.3). */
export function canonicalEmail(typed) {
  const stripped = typed.length > 1024 ? "" : typed.replace(WHITE_AT_THE_ENDS, "");
  if (!EMAIL.test(stripped)) throw new Refused("email");
  return stripped.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The bytes of a password as typed that go into the derivation (1.4). */
export function passwordBytes(typed) {
  if (!typed.isWellFormed()) throw new Refused("password");
  const stripped = typed.normalize("NFKD").replace(WHITE_AT_THE_ENDS, "");
  const points = [...stripped].length;
  if (points < 10 || points > 1024) throw new Refused("password");
  return Buffer.from(stripped, "utf8");
}

/** The text of a recovery key (4.4). */
export function recoveryText(key) {
  const check = recoveryCheck(key);
  let bits = (BigInt("0x" + key.toString("hex")) << 20n) | check;
  let symbols = "";
  for (let place = 0; place < 36; place += 1) {
    symbols = SYMBOLS[Number(bits & 31n)] + symbols;
    bits >>= 5n;
  }
  return symbols.match(/.{4}/g).join("-");
}

/** The 20 bytes of a recovery key as typed (4.4). */
export function readRecoveryText(typed) {
  const symbols = typed
    .replace(/[\p{White_Space}-]/gu, "")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  if (symbols.length !== 36) throw new Refused("recovery_key");
  let bits = 0n;
  for (const symbol of symbols) {
    const value = SYMBOLS.indexOf(symbol);
    if (value < 0) throw new Refused("recovery_key");
    bits = (bits << 5n) | BigInt(value);
  }
  const key = Buffer.from((bits >> 20n).toString(16).padStart(40, "0"), "hex");
  if (recoveryCheck(key) !== (bits & 0xfffffn)) throw new Refused("recovery_key");
  return key;
}

function recoveryCheck(key) {
  const hash = createHash("sha256").update("app/1/recovery-check").update(key).digest();
  return BigInt(hash.readUIntBE(0, 3) >> 4);
}
