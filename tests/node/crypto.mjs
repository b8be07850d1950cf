// Byte primitives, derived keys and wraps: PROTOCOL.md, chapters 2, 3 and 4. Node's own crypto alone.

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  pbkdf2,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { promisify } from "node:util";

import { Undecryptable } from "./errors.mjs";

export { randomBytes, timingSafeEqual };

const FIRST_BYTE = Buffer.from([1]);
// RFC 8410: what stands before the seed in the PKCS#8 form of an Ed25519 key, and before the key in its SPKI form.
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");

// 2.1

export const ascii = (text) => Buffer.from(text, "latin1");
export const H = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
export const HMAC = (key, bytes) => createHmac("sha256", key).update(bytes).digest();
export const HKDF = (ikm, salt, info) => Buffer.from(hkdfSync("sha256", ikm, salt, ascii(info), 32));
export const X = (key, info) => HMAC(key, Buffer.concat([Buffer.isBuffer(info) ? info : ascii(info), FIRST_BYTE]));

export function u8(number) {
  return Buffer.from([number]);
}

export function u32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

export function u64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

/** The tuple of a tag and its fields; a field of text is its ASCII bytes. */
export function TUP(tag, ...fields) {
  const parts = [ascii(tag), Buffer.alloc(1)];
  for (const field of fields) {
    const bytes = Buffer.isBuffer(field) ? field : ascii(field);
    parts.push(u32(bytes.length), bytes);
  }
  return Buffer.concat(parts);
}

/** Equal in constant time; of unequal length is unequal. */
export function same(one, other) {
  return one.length === other.length && timingSafeEqual(one, other);
}

// 2.2

export function seal(key, aad, plaintext, nonce = randomBytes(12)) {
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

export function open(key, aad, sealed) {
  if (sealed.length < 28) throw new Undecryptable();
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  } catch {
    throw new Undecryptable();
  }
}

/** 0x01 and what is sealed: the layout of every wrap but the account key's. */
export function wrap(key, aad, plaintext, nonce) {
  return Buffer.concat([FIRST_BYTE, seal(key, aad, plaintext, nonce)]);
}

/** Open a `wrap`; with `length`, one of exactly so many bytes. */
export function unwrap(key, aad, wrapped, length) {
  if (wrapped[0] !== 1 || (length !== undefined && wrapped.length !== length)) throw new Undecryptable();
  return open(key, aad, wrapped.subarray(1));
}

// 3

/** What comes of a password: {srp_auth, kek, kek_commit}; `kdf` is {iters, salt}. */
export async function derive(email, password, kdf) {
  const salt = HKDF(ascii(email), kdf.salt, "app/1/pbkdf2-salt");
  const master = await promisify(pbkdf2)(password, salt, kdf.iters, 32, "sha256");
  return {
    pbkdf2_salt: salt,
    master,
    srp_auth: X(master, "app/1/srp-auth"),
    kek: X(master, "app/1/account-kek"),
    kek_commit: X(master, "app/1/kek-commit"),
  };
}

// 4.1

const accountKeyAad = (accountId, kdf) => TUP("akw/1", accountId, kdf.salt, u64(kdf.iters));

export function wrapAccountKey(keys, accountId, kdf, accountKey, nonce) {
  const aad = accountKeyAad(accountId, kdf);
  const sealed = seal(keys.kek, aad, accountKey, nonce);
  const commit = HMAC(keys.kek_commit, Buffer.concat([aad, sealed.subarray(0, 12)]));
  return Buffer.concat([FIRST_BYTE, commit, sealed]);
}

export function openAccountKey(keys, accountId, kdf, wrapped) {
  if (wrapped.length !== 93 || wrapped[0] !== 1) throw new Undecryptable();
  const aad = accountKeyAad(accountId, kdf);
  const sealed = wrapped.subarray(33);
  const commit = HMAC(keys.kek_commit, Buffer.concat([aad, sealed.subarray(0, 12)]));
  if (!same(commit, wrapped.subarray(1, 33))) throw new Undecryptable();
  return open(keys.kek, aad, sealed);
}

// 4.2

const privateKeyAad = (accountId, kind, kv) => TUP("pk/1", accountId, kind, u64(kv));

export function wrapPrivateKey(accountKey, accountId, kind, raw, nonce) {
  return wrap(X(accountKey, `app/1/pk/${kind}`), privateKeyAad(accountId, kind, 1), raw, nonce);
}

export function openPrivateKey(accountKey, accountId, kind, wrapped) {
  const length = kind === "ed25519" ? 61 : undefined;
  if (kind === "rsa" && (wrapped.length < 1024 || wrapped.length > 4096)) throw new Undecryptable();
  return unwrap(X(accountKey, `app/1/pk/${kind}`), privateKeyAad(accountId, kind, 1), wrapped, length);
}

/** New key pairs: {rsa_private, rsa_public, ed25519_private, ed25519_public} as the page's raw bytes. */
export function makeKeyPairs() {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 3072, publicExponent: 65537 });
  const seed = randomBytes(32);
  return {
    rsa_private: rsa.privateKey.export({ type: "pkcs8", format: "der" }),
    rsa_public: rsa.publicKey.export({ type: "spki", format: "der" }),
    ed25519_private: seed,
    ed25519_public: ed25519PublicOf(seed),
  };
}

/** The public half of an RSA private key in DER, checked to have 3072 bits and e = 65537. */
export function rsaPublicOf(pkcs8) {
  let publicKey;
  try {
    publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
  } catch {
    throw new Undecryptable();
  }
  const { modulusLength, publicExponent } = publicKey.asymmetricKeyDetails;
  if (publicKey.asymmetricKeyType !== "rsa" || modulusLength !== 3072 || publicExponent !== 65537n) {
    throw new Undecryptable();
  }
  return publicKey.export({ type: "spki", format: "der" });
}

export function ed25519PublicOf(seed) {
  return createPublicKey(ed25519Private(seed)).export({ type: "spki", format: "der" }).subarray(-32);
}

function ed25519Private(seed) {
  return createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: "der", type: "pkcs8" });
}

/** The bytes that `bundle_sig` signs and whose hash is the fingerprint. */
export function bundle(accountId, email, publics) {
  return TUP("bundle/1", accountId, email, publics.rsa_public, publics.ed25519_public, u64(1));
}

export function signBundle(bytes, seed) {
  return sign(null, bytes, ed25519Private(seed));
}

export function bundleIsSigned(bytes, signature, ed25519Public) {
  const key = createPublicKey({ key: Buffer.concat([ED25519_SPKI, ed25519Public]), format: "der", type: "spki" });
  return verify(null, bytes, key, signature);
}

// 4.4

/** What a recovery key gives: {recovery_kek, recovery_auth, auth_hash}. */
export function recoveryKeys(key) {
  const auth = HKDF(key, Buffer.alloc(0), "app/1/recovery-auth");
  return {
    recovery_kek: HKDF(key, Buffer.alloc(0), "app/1/recovery-kek"),
    recovery_auth: auth,
    auth_hash: H(auth),
  };
}

export function wrapForRecovery(kek, accountId, accountKey, nonce) {
  return wrap(kek, TUP("rkw/1", accountId), accountKey, nonce);
}

export function openRecoveryWrap(kek, accountId, wrapped) {
  return unwrap(kek, TUP("rkw/1", accountId), wrapped, 61);
}

// 5.2

/** The key of the sealed answer of a sign-in. */
export function answerKey(K, email, kdf, srpSalt, A, B) {
  const transcript = H(TUP("login/1", email, kdf.salt, u64(kdf.iters), srpSalt, A, B));
  return { T: transcript, Kc: HKDF(K, transcript, "app/1/sess") };
}

export function openAnswer(Kc, handshakeId, sealed) {
  return unwrap(Kc, TUP("sess/1", handshakeId), sealed);
}

export function sealAnswer(Kc, handshakeId, plaintext, nonce) {
  return wrap(Kc, TUP("sess/1", handshakeId), plaintext, nonce);
}
