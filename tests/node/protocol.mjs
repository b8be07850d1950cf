// What a client does with a server: PROTOCOL.md, chapter 7, in the order of its steps.

import * as crypto from "./crypto.mjs";
import { NetworkFailure, NewerProtocol, NotAuthentic, Problem, Refused, Undecryptable } from "./errors.mjs";
import { Handshake, isSalt, saltOf, verifier } from "./srp.mjs";
import { fromBase64, readRecoveryText, recoveryText, toBase64 } from "./text.mjs";

export const DEFAULT_ITERS = 1_000_000;
const LEAST_ITERS = 600_000;
const MOST_ITERS = 10_000_000;

// 7.11

/** Ask a server what it is, and refuse what this client cannot speak with. */
export async function checkService(server) {
  const version = await server.send("GET", "/v1/version");
  if (version.service !== "insomnia-sync") throw new Refused("service");
  if (version.protocol?.min > 1) throw new NewerProtocol("protocol");
  if (!(version.protocol?.max >= 1)) throw new Refused("older protocol");
  return version;
}

// Shapes of chapter 7

const kdfOut = (kdf) => ({ v: 1, alg: "pbkdf2-sha256", iters: kdf.iters, salt: toBase64(kdf.salt) });
const srpOut = (salt, v) => ({ group: "2048", hash: "sha256", salt: toBase64(salt), verifier: toBase64(v) });

/** Read binary fields of an answer: what is no binary is no answer of the protocol (6), a wrong length is a lie. */
function read(object, lengths) {
  const found = {};
  for (const [name, size] of Object.entries(lengths)) {
    try {
      found[name] = fromBase64(object?.[name]);
    } catch {
      throw new NetworkFailure(`no field ${name}`);
    }
    if (size !== undefined && found[name].length !== size) throw new NotAuthentic(`length of ${name}`);
  }
  return found;
}

/** Make new credentials for a password: {kdf, srp, account_key_wrap} to send, checked by opening the wrap again. */
async function makeCredentials(email, password, again, iters, accountId, accountKey) {
  const kdf = { iters, salt: crypto.randomBytes(16) };
  const keys = await crypto.derive(email, password, kdf);
  const salt = saltOf(crypto.randomBytes(16));
  const out = {
    kdf: kdfOut(kdf),
    srp: srpOut(salt, verifier(email, keys.srp_auth, salt)),
    account_key_wrap: toBase64(crypto.wrapAccountKey(keys, accountId, kdf, accountKey)),
  };
  const sent = { iters: out.kdf.iters, salt: fromBase64(out.kdf.salt) };
  const keysAgain = await crypto.derive(email, again, sent);
  const opened = crypto.openAccountKey(keysAgain, accountId, sent, fromBase64(out.account_key_wrap));
  if (!crypto.same(opened, accountKey)) throw new Error("the new wrap holds another key");
  return out;
}

/** Make a recovery key: {text, out}, checked by reading the text back and opening the wrap. */
function makeRecovery(accountId, accountKey) {
  const key = crypto.randomBytes(20);
  const keys = crypto.recoveryKeys(key);
  const wrapped = crypto.wrapForRecovery(keys.recovery_kek, accountId, accountKey);
  const text = recoveryText(key);
  const readBack = crypto.recoveryKeys(readRecoveryText(text));
  const opened = crypto.openRecoveryWrap(readBack.recovery_kek, accountId, wrapped);
  if (!crypto.same(opened, accountKey)) throw new Error("the recovery wrap holds another key");
  return { text, out: { auth_hash: toBase64(keys.auth_hash), wrap: toBase64(wrapped) } };
}

// 7.1

/** Make an account; returns {account_id, recovery_key, fingerprint}. */
export async function signUp(server, { email, password, name, iters, recovery, invite }) {
  const accountId = crypto.randomBytes(16);
  const accountKey = crypto.randomBytes(32);
  const pairs = crypto.makeKeyPairs();
  const bytes = crypto.bundle(accountId, email, pairs);
  const made = recovery ? makeRecovery(accountId, accountKey) : undefined;
  const body = {
    account_id: toBase64(accountId),
    email,
    name,
    ...(await makeCredentials(email, password, password, iters, accountId, accountKey)),
    rsa_public: toBase64(pairs.rsa_public),
    rsa_private_wrap: toBase64(crypto.wrapPrivateKey(accountKey, accountId, "rsa", pairs.rsa_private)),
    ed25519_public: toBase64(pairs.ed25519_public),
    ed25519_private_wrap: toBase64(crypto.wrapPrivateKey(accountKey, accountId, "ed25519", pairs.ed25519_private)),
    bundle_sig: toBase64(crypto.signBundle(bytes, pairs.ed25519_private)),
    recovery: made ? made.out : null,
    invite: invite ?? null,
  };
  checkAccountKeys(body, email, accountId, accountKey);
  const answer = await server.send("POST", "/auth/signup", { body });
  if (answer.account_id !== body.account_id) throw new Refused("account_id of the answer");
  return { account_id: body.account_id, recovery_key: made?.text ?? null, fingerprint: toBase64(crypto.H(bytes)) };
}

// 7.2

/** Sign in; `pins` may hold the account's {iters, account_id}. Returns a session with the opened keys. */
export async function signIn(server, { email, password, device, pins = {} }) {
  try {
    return await signInOnce(server, email, password, device, pins);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "handshake_expired") throw error;
    return signInOnce(server, email, password, device, pins);
  }
}

async function signInOnce(server, email, password, device, pins) {
  const { kdf, salt } = readParameters(await server.send("POST", "/auth/login-s", { body: { email } }), pins);
  const keys = await crypto.derive(email, password, kdf);
  const handshake = new Handshake(email, keys.srp_auth, salt, crypto.randomBytes(32));
  const begin = { email, srpA: toBase64(handshake.A) };
  const challenge = await server.send("POST", "/auth/login-a", { body: begin });
  const { handshake_id: handshakeId, srpB: B } = read(challenge, { handshake_id: 16, srpB: 256 });
  const proof = { handshake_id: challenge.handshake_id, srpM1: toBase64(handshake.prove(B)), device };
  const answer = await server.send("POST", "/auth/login-m1", { body: proof });
  if (!handshake.check(read({ srpM2: "", ...answer }, { srpM2: 32 }).srpM2)) throw new NotAuthentic("M2");
  const { Kc } = crypto.answerKey(handshake.K, email, kdf, salt, handshake.A, B);
  const session = openSession(Kc, handshakeId, read(answer, { sealed: undefined }).sealed, device);
  session.account_key = authentic("account_key_wrap", () =>
    crypto.openAccountKey(keys, session.account_id, kdf, session.account_key_wrap),
  );
  session.kdf = kdf;
  const account = await server.send("GET", "/v1/account", { token: session.token });
  if (pins.account_id !== undefined && pins.account_id !== account.account_id) throw new NotAuthentic("pinned account");
  session.account = checkAccount(account, email, session.account_id, session.account_key);
  return session;
}

function readParameters({ kdf, srp, skd }, pins) {
  if (kdf?.v === undefined || srp?.group === undefined || typeof skd !== "boolean") {
    throw new NetworkFailure("no parameters");
  }
  if (kdf.v !== 1 || kdf.alg !== "pbkdf2-sha256" || srp.group !== "2048" || srp.hash !== "sha256") {
    throw new NotAuthentic("suite");
  }
  if (skd) throw new NewerProtocol("skd");
  const iters = readIters(kdf);
  if (pins.iters !== undefined && iters < pins.iters) throw new NotAuthentic("iters below the pin");
  const { salt } = read(srp, { salt: 16 });
  if (!isSalt(salt)) throw new NotAuthentic("SRP salt");
  return { kdf: { iters, salt: read(kdf, { salt: 16 }).salt }, salt };
}

function readIters(kdf) {
  if (!(Number.isSafeInteger(kdf?.iters) && kdf.iters >= LEAST_ITERS && kdf.iters <= MOST_ITERS)) {
    throw new NotAuthentic("iters");
  }
  return kdf.iters;
}

function openSession(Kc, handshakeId, sealed, device) {
  const plaintext = authentic("sealed", () => crypto.openAnswer(Kc, handshakeId, sealed));
  const inner = authentic("sealed", () => JSON.parse(plaintext.toString("utf8")));
  const lengths = { token: 32, account_id: 16, device_id: 16, account_key_wrap: 93 };
  const { account_id, account_key_wrap } = authentic("sealed", () => read(inner, lengths));
  if (inner.device_id !== device.id) throw new NotAuthentic("device_id");
  if (!Number.isSafeInteger(inner.expires_at)) throw new NotAuthentic("expires_at");
  return { token: inner.token, account_id, device_id: inner.device_id, expires_at: inner.expires_at, account_key_wrap };
}

function authentic(what, action) {
  try {
    return action();
  } catch (error) {
    const kinds = [Undecryptable, SyntaxError, NetworkFailure];
    if (kinds.some((kind) => error instanceof kind)) throw new NotAuthentic(what);
    throw error;
  }
}

/** Step 10: what the server says of the account is what its keys say. */
function checkAccount(account, email, accountId, accountKey) {
  if (account.kv !== 1) throw new NewerProtocol(`kv ${account.kv}`);
  if (account.account_id !== toBase64(accountId)) throw new NotAuthentic("account_id");
  authentic("private keys", () => checkAccountKeys(account, email, accountId, accountKey));
  return account;
}

function checkAccountKeys(account, email, accountId, accountKey) {
  const lengths = { rsa_public: 422, ed25519_public: 32, bundle_sig: 64, ed25519_private_wrap: 61 };
  const bytes = read(account, { ...lengths, rsa_private_wrap: undefined });
  const rsa = crypto.openPrivateKey(accountKey, accountId, "rsa", bytes.rsa_private_wrap);
  if (!crypto.same(crypto.rsaPublicOf(rsa), bytes.rsa_public)) throw new NotAuthentic("rsa_public");
  const seed = crypto.openPrivateKey(accountKey, accountId, "ed25519", bytes.ed25519_private_wrap);
  if (!crypto.same(crypto.ed25519PublicOf(seed), bytes.ed25519_public)) throw new NotAuthentic("ed25519_public");
  const signed = crypto.bundle(accountId, email, bytes);
  if (!crypto.bundleIsSigned(signed, bytes.bundle_sig, bytes.ed25519_public)) throw new NotAuthentic("bundle_sig");
}

// 7.6

/** Change the password within a fresh session; `again` is its second typing. */
export async function changePassword(server, session, { email, password, again, iters }) {
  const made = await makeCredentials(email, password, again, iters, session.account_id, session.account_key);
  const body = { old_wrap_hash: toBase64(crypto.H(session.account_key_wrap)), ...made };
  await server.send("PUT", "/v1/account/credentials", { body, token: session.token });
}

// 7.8

/** Recover an account; `show` gets the text of the new recovery key before anything is changed. */
export async function recover(server, { email, key, password, iters, show }) {
  const keys = crypto.recoveryKeys(key);
  const claim = { email, auth: toBase64(keys.recovery_auth) };
  const answer = await server.send("POST", "/auth/recover-a", { body: claim });
  const wrapped = read(answer, { recovery_wrap: 61 }).recovery_wrap;
  const accountId = read(answer.account, { account_id: 16 }).account_id;
  const accountKey = authentic("recovery_wrap", () => crypto.openRecoveryWrap(keys.recovery_kek, accountId, wrapped));
  checkAccount(answer.account, email, accountId, accountKey);
  // Devices that have pinned a count refuse a lower one.
  const count = iters ?? Math.max(DEFAULT_ITERS, readIters(answer.account.kdf));
  const credentials = await makeCredentials(email, password, password, count, accountId, accountKey);
  const recovery = makeRecovery(accountId, accountKey);
  show(recovery.text);
  const body = { ...claim, ...credentials, recovery: recovery.out };
  await server.send("POST", "/auth/recover-b", { body });
  return { account_id: toBase64(accountId), recovery_key: recovery.text };
}
