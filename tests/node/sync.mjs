// Groups and envelopes: PROTOCOL.md, 4.3, 9.1 and 9.2, as far as the bytes go (frames stay packed).

import { H, HMAC, TUP, X, ascii, open, seal, u32, u64, u8, unwrap, wrap } from "./crypto.mjs";
import { Undecryptable } from "./errors.mjs";

export const groupId = (accountKey, workspaceId) => HMAC(X(accountKey, "app/1/group-id"), workspaceId).subarray(0, 16);
export const resourceKey = (groupKey, resourceId) => X(groupKey, Buffer.concat([ascii("app/1/res\0"), resourceId]));
export const singletonId = (seed, kind) => H(TUP("singleton/1", seed, kind)).subarray(0, 16);

const groupAad = (accountId, id, epoch) => TUP("gk/1", accountId, id, u32(epoch));

export function wrapGroupKey(accountKey, accountId, id, epoch, groupKey, nonce) {
  return wrap(X(accountKey, "app/1/group-wrap"), groupAad(accountId, id, epoch), groupKey, nonce);
}

export function openGroupKey(accountKey, accountId, id, epoch, wrapped) {
  return unwrap(X(accountKey, "app/1/group-wrap"), groupAad(accountId, id, epoch), wrapped, 61);
}

/** How many bytes so many are filled up to. */
export function bucket(size) {
  if (size <= 256) return 256;
  const E = 31 - Math.clz32(size);
  const S = 32 - Math.clz32(E);
  const step = 2 ** (E - S);
  return Math.ceil(size / step) * step;
}

/** The authenticated data of a revision: {group, id, version, prev, epoch, deleted, author}. */
export function revisionAad(row) {
  const { group, id, version, prev, epoch, deleted, author } = row;
  return TUP("res/1", group, id, u64(version), prev, u32(epoch), u8(deleted), author);
}

export function padFrame(frame) {
  const padded = Buffer.alloc(bucket(4 + frame.length));
  padded.writeUInt32BE(frame.length);
  frame.copy(padded, 4);
  return padded;
}

export function sealEnvelope(key, row, frame, nonce) {
  return Buffer.concat([u8(1), u32(row.epoch), seal(key, revisionAad(row), padFrame(frame), nonce)]);
}

/** The zstd frame of an envelope. */
export function openEnvelope(key, row, envelope) {
  if (envelope.length < 289 || envelope.length > 1048576 || envelope[0] !== 1) throw new Undecryptable();
  const epoch = envelope.readUInt32BE(1);
  const padded = open(key, revisionAad({ ...row, epoch }), envelope.subarray(5));
  const length = padded.readUInt32BE(0);
  if (bucket(4 + length) !== padded.length) throw new Undecryptable();
  if (!padded.subarray(4 + length).every((byte) => byte === 0)) throw new Undecryptable();
  return padded.subarray(4, 4 + length);
}

export const revisionHash = (row, envelope) => H(revisionAad(row), envelope);
export const digestTerm = (id, version, hash) => H(id, u64(version), hash);

/** The digest of the terms of a group. */
export function digest(terms) {
  const sum = terms.reduce((before, term) => before + BigInt("0x" + term.toString("hex")), 0n) % 2n ** 256n;
  return Buffer.from(sum.toString(16).padStart(64, "0"), "hex");
}
