// Checks what this client computes against the published test vectors: PROTOCOL.md, chapter 11.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import library from "fast-srp-hap";

import * as crypto from "./crypto.mjs";
import { between, readDocument, writeDocument } from "./documents.mjs";
import { Refused, Undecryptable } from "./errors.mjs";
import { readFrame, writeFrame } from "./frames.mjs";
import { Handshake, isSalt, saltOf, verifier } from "./srp.mjs";
import * as sync from "./sync.mjs";
import * as text from "./text.mjs";

const hex = (digits) => Buffer.from(digits, "hex");
const GROUP = { ...library.SRP.params[2048], hash: "sha256" };

/** Counts what was checked, and keeps the names of what was wrong. */
class Checks {
  checked = 0;
  wrong = [];

  equal(name, found, expected) {
    this.checked += 1;
    const shown = Buffer.isBuffer(found) ? found.toString("hex") : found;
    if (shown !== expected) this.wrong.push(`${name}: ${shown} is not ${expected}`);
  }

  refused(name, kind, action, reason) {
    this.checked += 1;
    try {
      action();
    } catch (error) {
      if (!(error instanceof kind)) throw error;
      if (reason !== undefined) this.equal(name, error.fields.what, reason);
      return;
    }
    this.wrong.push(`${name}: is taken`);
  }

  /** What was sealed opens, and nothing that differs from it in a bit, the tag's length or the first byte does. */
  opens(name, sealed, plaintext, action) {
    this.equal(`${name} opens`, action(sealed), plaintext);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] ^= 1 << (bit & 7);
      this.refused(`${name}, bit ${bit}`, Undecryptable, () => action(changed));
    }
    for (let cut = 1; cut <= 16; cut += 1) {
      this.refused(`${name}, cut by ${cut}`, Undecryptable, () => action(sealed.subarray(0, -cut)));
    }
    this.refused(`${name}, nothing`, Undecryptable, () => action(Buffer.alloc(0)));
    this.refused(`${name}, longer`, Undecryptable, () => action(Buffer.concat([sealed, Buffer.alloc(1)])));
  }
}

/** Check every vector of the folder; returns {checked, wrong}. */
export async function checkVectors(folder) {
  const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const [first, layouts, edges] = ["kdf-srp.json", "protocol-v1.json", "edge-cases.json"].map(read);
  const checks = new Checks();
  texts(checks, [...layouts.email, ...edges.email], [...layouts.password, ...edges.password]);
  binaries(checks, layouts, edges);
  primitives(checks, edges);
  const keys = await derivation(checks, first, layouts);
  handshakes(checks, first, edges);
  account(checks, first, layouts, keys);
  recovery(checks, layouts, edges);
  answer(checks, first, layouts);
  groups(checks, layouts);
  revisions(checks, layouts, edges);
  frames(checks, layouts, edges);
  documents(checks, layouts, edges);
  return { checked: checks.checked, wrong: checks.wrong };
}

function texts(checks, emails, passwords) {
  for (const { typed_text: typed, canonical_text: canonical } of emails) {
    const name = `email ${JSON.stringify(typed)}`;
    if (canonical === null) checks.refused(name, Refused, () => text.canonicalEmail(typed));
    else checks.equal(name, text.canonicalEmail(typed), canonical);
  }
  for (const { typed_text: typed, utf8 } of passwords) {
    const name = `password ${JSON.stringify(typed)}`;
    if (utf8 === null) checks.refused(name, Refused, () => text.passwordBytes(typed));
    else checks.equal(name, text.passwordBytes(typed), utf8);
  }
}

function binaries(checks, layouts, edges) {
  for (const [bytes, encoded] of edges.binary.accepted) {
    checks.equal(`binary ${encoded}`, text.fromBase64(encoded), bytes);
    checks.equal(`encoded ${bytes}`, text.toBase64(hex(bytes)), encoded);
  }
  for (const refused of [...edges.binary.refused_text, ...layouts.ids.refused_b64]) {
    checks.refused(`binary ${JSON.stringify(refused)}`, Refused, () => text.fromBase64(refused));
  }
  const id = text.fromBase64(layouts.ids.accepted_b64, 16);
  checks.equal("id", text.toBase64(id), layouts.ids.accepted_b64);
}

function primitives(checks, edges) {
  for (const { tag_text: tag, fields, tuple, sha256 } of edges.tuple) {
    checks.equal("tuple", crypto.TUP(tag, ...fields.map(hex)), tuple);
    checks.equal("hash of a tuple", crypto.H(crypto.TUP(tag, ...fields.map(hex))), sha256);
  }
  for (const { key, nonce, aad, plaintext, sealed } of edges.seal) {
    checks.equal("seal", crypto.seal(hex(key), hex(aad), hex(plaintext), hex(nonce)), sealed);
    checks.opens("seal", hex(sealed), plaintext, (bytes) => crypto.open(hex(key), hex(aad), bytes));
  }
}

async function derivation(checks, first, layouts) {
  const email = text.canonicalEmail(first.email);
  const kdf = { iters: first.iterations, salt: hex(first.kdf_salt) };
  const keys = await crypto.derive(email, text.passwordBytes(first.password), kdf);
  checks.equal("pbkdf2_salt", keys.pbkdf2_salt, first.pbkdf2_salt);
  checks.equal("master", keys.master, first.master);
  checks.equal("srp_auth", keys.srp_auth, first.srp_auth);
  checks.equal("kek", keys.kek, first.account_kek);
  checks.equal("kek_commit", keys.kek_commit, layouts.account.kek_commit);
  return keys;
}

function handshakes(checks, first, edges) {
  const { email, _v: v, _A: A, _B: B, S_sha256_is_K: K } = first;
  const published = { ...first, email_text: email, v, A, B, K };
  for (const each of [published, ...edges.srp]) {
    const name = each.name_text ?? "handshake";
    const salt = hex(each.srp_salt);
    const v = verifier(each.email_text, hex(each.srp_auth), salt);
    checks.equal(`${name}: v`, v, each.v);
    const identity = { username: each.email_text, salt, verifier: v };
    checks.equal(`${name}: B`, new library.SrpServer(GROUP, identity, hex(each.b)).computeB(), each.B);
    const handshake = new Handshake(each.email_text, hex(each.srp_auth), salt, hex(each.a));
    checks.equal(`${name}: A`, handshake.A, each.A);
    checks.equal(`${name}: M1`, handshake.prove(hex(each.B)), each.M1);
    checks.equal(`${name}: u`, handshake.u, each.u);
    checks.equal(`${name}: K`, handshake.K, each.K);
    checks.equal(`${name}: M2`, handshake.M2, each.M2);
    checks.equal(`${name}: check`, handshake.check(hex(each.M2)), true);
    checks.equal(`${name}: a wrong proof`, handshake.check(hex(each.M1)), false);
    checks.equal(`${name}: a short proof`, handshake.check(hex(each.M2).subarray(1)), false);
  }
  for (const [name, value, is] of [["_v", "v", "v_sha256"], ["_A", "A", "A_sha256"], ["_B", "B", "B_sha256"]]) {
    checks.equal(`H(${value})`, crypto.H(hex(first[name])), first[is]);
  }
  for (const { random, srp_salt: salt } of edges.srp_salt_of) {
    checks.equal("SRP salt", saltOf(hex(random)), salt);
    checks.equal("SRP salt is one", isSalt(hex(salt)), true);
  }
  checks.equal("SRP salt that begins with 0", isSalt(Buffer.alloc(16)), false);
}

function account(checks, first, layouts, keys) {
  const id = hex(layouts.account.account_id);
  const accountKey = hex(layouts.account.account_key);
  const kdf = { iters: first.iterations, salt: hex(first.kdf_salt) };
  const { account_key_wrap: outer, rsa, ed25519, bundle } = layouts;
  checks.equal("account key wrap", crypto.wrapAccountKey(keys, id, kdf, accountKey, hex(outer.nonce)), outer.wrap);
  checks.opens("account key wrap", hex(outer.wrap), accountKey.toString("hex"), (bytes) =>
    crypto.openAccountKey(keys, id, kdf, bytes),
  );
  for (const [kind, vector, raw] of [["rsa", rsa, rsa.private_pkcs8], ["ed25519", ed25519, ed25519.private_seed]]) {
    const wrapped = crypto.wrapPrivateKey(accountKey, id, kind, hex(raw), hex(vector.nonce));
    checks.equal(`${kind} wrap`, wrapped, vector.wrap);
    checks.equal(`${kind} key`, crypto.X(accountKey, `app/1/pk/${kind}`), vector.key);
    checks.opens(`${kind} wrap`, wrapped, raw, (bytes) => crypto.openPrivateKey(accountKey, id, kind, bytes));
  }
  checks.equal("RSA public", crypto.rsaPublicOf(hex(rsa.private_pkcs8)), rsa.public_spki);
  checks.equal("Ed25519 public", crypto.ed25519PublicOf(hex(ed25519.private_seed)), ed25519.public);
  const publics = { rsa_public: hex(rsa.public_spki), ed25519_public: hex(ed25519.public) };
  const bytes = crypto.bundle(id, first.email, publics);
  checks.equal("fingerprint", crypto.H(bytes), bundle.fingerprint);
  checks.equal("bundle_sig", crypto.signBundle(bytes, hex(ed25519.private_seed)), bundle.bundle_sig);
  const isSigned = (signed) => crypto.bundleIsSigned(signed, hex(bundle.bundle_sig), publics.ed25519_public);
  checks.equal("bundle_sig is right", isSigned(bytes), true);
  checks.equal("bundle_sig of another", isSigned(crypto.bundle(id, "mallory@example.com", publics)), false);
}

function recovery(checks, layouts, edges) {
  const own = layouts.recovery;
  for (const each of [own, ...edges.recovery.keys]) {
    const found = crypto.recoveryKeys(hex(each.key));
    checks.equal("recovery text", text.recoveryText(hex(each.key)), each.key_text);
    checks.equal("recovery text is read", text.readRecoveryText(each.key_text), each.key);
    checks.equal("recovery_kek", found.recovery_kek, each.recovery_kek);
    checks.equal("recovery_auth", found.recovery_auth, each.recovery_auth);
    checks.equal("auth_hash", found.auth_hash, each.auth_hash);
  }
  for (const typed of own.also_read_text) checks.equal(`"${typed}"`, text.readRecoveryText(typed), own.key);
  for (const { text: typed, key } of edges.recovery.also_read) {
    checks.equal(JSON.stringify(typed), text.readRecoveryText(typed), key);
  }
  for (const typed of [...own.refused_text, ...edges.recovery.refused_text]) {
    checks.refused(`recovery key "${typed}"`, Refused, () => text.readRecoveryText(typed));
  }
  const id = hex(layouts.account.account_id);
  const wrapped = crypto.wrapForRecovery(hex(own.recovery_kek), id, hex(layouts.account.account_key), hex(own.nonce));
  checks.equal("recovery wrap", wrapped, own.wrap);
  checks.opens("recovery wrap", wrapped, layouts.account.account_key, (bytes) =>
    crypto.openRecoveryWrap(hex(own.recovery_kek), id, bytes),
  );
}

function answer(checks, first, layouts) {
  const { sign_in: vector } = layouts;
  const kdf = { iters: first.iterations, salt: hex(first.kdf_salt) };
  const K = hex(first.S_sha256_is_K);
  const { T, Kc } = crypto.answerKey(K, first.email, kdf, hex(first.srp_salt), hex(first._A), hex(first._B));
  checks.equal("T", T, vector.transcript_sha256_T);
  checks.equal("Kc", Kc, vector.Kc);
  const id = hex(vector.handshake_id);
  const plaintext = Buffer.from(vector.plaintext_text, "utf8");
  const sealed = crypto.sealAnswer(Kc, id, plaintext, hex(vector.nonce));
  checks.equal("sealed answer", sealed, vector.sealed);
  checks.opens("sealed answer", sealed, plaintext.toString("hex"), (bytes) => crypto.openAnswer(Kc, id, bytes));
  const read = JSON.parse(vector.plaintext_text);
  checks.equal("token", text.fromBase64(read.token, 32), vector.token);
  checks.equal("token as text", read.token, vector.token_b64);
  checks.equal("hash of the token", crypto.H(hex(vector.token)), vector.token_hash_at_server);
}

function groups(checks, layouts) {
  const { group, singletons } = layouts;
  const accountId = hex(layouts.account.account_id);
  const accountKey = hex(layouts.account.account_key);
  const id = hex(group.group_id);
  checks.equal("gid_key", crypto.X(accountKey, "app/1/group-id"), group.group_id_key);
  checks.equal("group id", sync.groupId(accountKey, hex(group.workspace_id)), group.group_id);
  checks.equal("group id as text", text.toBase64(id), group.group_id_b64);
  const wrapped = sync.wrapGroupKey(accountKey, accountId, id, group.epoch, hex(group.group_key), hex(group.nonce));
  checks.equal("group key wrap", wrapped, group.wrap);
  checks.opens("group key wrap", wrapped, group.group_key, (bytes) =>
    sync.openGroupKey(accountKey, accountId, id, group.epoch, bytes),
  );
  for (const kind of ["base_environment", "cookie_jar"]) {
    checks.equal(kind, sync.singletonId(hex(singletons.seed), kind), singletons[kind]);
  }
}

function revisions(checks, layouts, edges) {
  const { account_id: author } = layouts.account;
  const { group_id: group, group_key: groupKey, epoch } = layouts.group;
  for (const each of layouts.revisions) {
    const name = `version ${each.version} of ${each.resource_id}`;
    const row = { group: hex(group), id: hex(each.resource_id), version: each.version, prev: hex(each.prev) };
    Object.assign(row, { epoch, deleted: each.deleted, author: hex(author) });
    const key = sync.resourceKey(hex(groupKey), row.id);
    checks.equal(`${name}: key`, key, each.resource_key);
    checks.equal(`${name}: aad`, sync.revisionAad(row), each.aad);
    checks.equal(`${name}: padded`, sync.padFrame(hex(each.zstd_frame)), each.padded);
    const envelope = sync.sealEnvelope(key, row, hex(each.zstd_frame), hex(each.nonce));
    checks.equal(`${name}: envelope`, envelope, each.envelope);
    checks.opens(name, envelope, each.zstd_frame, (bytes) => sync.openEnvelope(key, row, bytes));
    const others = [{ version: 9 }, { prev: Buffer.alloc(32, 9) }, { deleted: 1 - row.deleted }, { id: row.author }];
    for (const other of [...others, { group: row.author }, { author: row.group }]) {
      const changed = { ...row, ...other };
      checks.refused(`${name} as another`, Undecryptable, () => sync.openEnvelope(key, changed, envelope));
    }
    const hash = sync.revisionHash(row, envelope);
    checks.equal(`${name}: rev_hash`, hash, each.rev_hash);
    checks.equal(`${name}: dig`, sync.digestTerm(row.id, row.version, hash), each.dig);
    checks.equal(`${name}: blob`, text.toBase64(envelope), each.wire.blob);
  }
  const terms = layouts.revisions.map((each) => hex(each.dig));
  const live = [[], [0], [0, 1], [0, 2], [0]];
  layouts.digest.forEach((each, place) => {
    checks.equal(`digest of ${each.after}`, sync.digest(live[place].map((index) => terms[index])), each.digest);
  });
  for (const each of edges.digest) checks.equal("digest", sync.digest(each.terms.map(hex)), each.digest);
  for (const [before, after] of [...layouts.bucket, ...edges.bucket]) {
    checks.equal(`bucket of ${before}`, sync.bucket(before), after);
  }
}

function frames(checks, layouts, edges) {
  for (const { name_text: name, frame, content } of edges.frame.accepted) {
    checks.equal(`frame, ${name}`, readFrame(hex(frame)), content);
  }
  for (const { name_text: name, frame } of edges.frame.refused) {
    checks.refused(`frame, ${name}`, Undecryptable, () => readFrame(hex(frame)));
  }
  for (const { zstd_frame: frame, plaintext_text: plaintext } of layouts.revisions) {
    checks.equal("published frame", readFrame(hex(frame)).toString("utf8"), plaintext);
    checks.equal("own frame", readFrame(writeFrame(Buffer.from(plaintext, "utf8"))).toString("utf8"), plaintext);
  }
}

function documents(checks, layouts, edges) {
  for (const { plaintext_text: plaintext, refused_text: reason } of edges.plaintext) {
    const read = () => readDocument(Buffer.from(plaintext, "utf8"));
    const name = `plaintext ${plaintext.slice(0, 80)}`;
    if (reason === null) checks.equal(name, writeDocument(read()).length > 0, true);
    else checks.refused(name, Refused, read, reason);
  }
  for (const { plaintext_text: plaintext } of layouts.revisions) {
    const written = writeDocument(readDocument(Buffer.from(plaintext, "utf8")));
    checks.equal("published plaintext", written.toString("utf8"), plaintext);
  }
  const pairs = [[], ["V"], [undefined, "V"], ["a", "b"], ["V", "V1"], ["z"], ["zzzz"], [undefined, "01"], ["a0V", "a1"]];
  for (const [before, after] of pairs) {
    const key = between(before, after);
    const fits = !key.endsWith("0") && !(before >= key) && !(after <= key);
    checks.equal(`a key between ${before} and ${after}, ${key}`, fits, true);
  }
}
