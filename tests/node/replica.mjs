// One group as this client has it: PROTOCOL.md, chapter 9. Pulled page by page and checked, edited, pushed.

import { randomBytes } from "./crypto.mjs";
import { edited, newDocument, readDocument, writeDocument } from "./documents.mjs";
import { NewerProtocol, NotWhole, Problem, Refused, Rejected, Undecryptable } from "./errors.mjs";
import { readFrame, writeFrame } from "./frames.mjs";
import * as sync from "./sync.mjs";
import { fromBase64, toBase64 } from "./text.mjs";

const NO_PREV = Buffer.alloc(32);
const MOST_CHANGES = 500;

// 9.3

/** How far every group is; `etag` is that of the answer before. */
export async function heads(server, session, etag) {
  const answer = await server.sendForTag("/v1/heads", etag, session.token);
  for (const head of answer.value?.groups ?? []) {
    if (head.epoch !== 1 || head.role !== "owner" || head.log_n !== 0) throw new NewerProtocol("group");
  }
  return answer;
}

/** The keys of all groups: {id, key} of each, by opening its wrap (4.3). */
export async function groups(server, session) {
  const { groups: listed } = await server.send("GET", "/v1/groups", { token: session.token });
  return listed.map(({ id, epoch, role, wraps }) => {
    if (epoch !== 1 || role !== "owner") throw new NewerProtocol("group");
    const wrap = wraps.find((each) => each.epoch === epoch);
    return { id, key: openWrap(session, fromBase64(id, 16), epoch, wrap) };
  });
}

function openWrap(session, id, epoch, { wrap }) {
  return sync.openGroupKey(session.account_key, session.account_id, id, epoch, fromBase64(wrap, 61));
}

/** Make the group of a workspace; returns {id, key}. Somebody who was faster has made the same group (4.3). */
export async function makeGroup(server, session, workspaceId) {
  const [id, key] = [sync.groupId(session.account_key, workspaceId), randomBytes(32)];
  const wrap = sync.wrapGroupKey(session.account_key, session.account_id, id, 1, key);
  const body = { id: toBase64(id), epoch: 1, wrap: toBase64(wrap) };
  try {
    await server.send("POST", "/v1/groups", { body, token: session.token });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "group_exists") throw error;
    return (await groups(server, session)).find((each) => each.id === body.id);
  }
  return { id: body.id, key };
}

/** A group's rows, newest versions alone, with the cursor behind them; `state` is what the method of that name gave. */
export class Replica {
  #server;
  #session;
  #group;
  #path;

  constructor(server, session, group, state = {}) {
    this.#server = server;
    this.#session = session;
    this.#group = group;
    this.#path = `/v1/groups/${group.id}`;
    this.cursor = state.cursor ?? 0;
    this.epoch = state.epoch;
    this.rows = new Map(Object.entries(state.rows ?? {}));
    this.outbox = state.outbox ?? [];
    this.pages = 0;
  }

  /** What is to be kept of it, as JSON. */
  state() {
    return { cursor: this.cursor, epoch: this.epoch, rows: Object.fromEntries(this.rows), outbox: this.outbox };
  }

  // 9.4

  /** Pull until nothing is left, in pages of `limit` rows, and compare the digest (9.2). */
  async pull(limit) {
    let full = this.cursor === 0;
    let seen = new Set();
    for (;;) {
      let page;
      try {
        const query = `?after=${this.cursor}&limit=${limit}&full=${full ? 1 : 0}`;
        page = await this.#server.send("GET", `${this.#path}/changes${query}`, { token: this.#session.token });
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "resync") throw error;
        [this.cursor, full, seen] = [0, true, new Set()];
        continue;
      }
      if (page.server_epoch !== (this.epoch ?? page.server_epoch)) {
        // A restored server: its versions may be older ones than those known here.
        this.rows.clear();
        [this.cursor, this.epoch, full, seen] = [0, undefined, true, new Set()];
        continue;
      }
      this.#apply(page, seen);
      if (page.more) continue;
      if (full) for (const id of this.rows.keys()) if (!seen.has(id)) this.rows.delete(id);
      return this.#compare(page);
    }
  }

  #apply(page, seen = new Set()) {
    this.pages += 1;
    let last = this.cursor;
    for (const row of page.rows) {
      if (!(row.seq > last && row.seq <= page.head_seq)) throw new NotWhole("seq");
      last = row.seq;
      this.rows.set(row.id, this.#open(row));
      seen.add(row.id);
    }
    if (page.next !== (page.more ? last : page.head_seq)) throw new NotWhole("next");
    if (page.more && page.rows.length === 0) throw new NotWhole("more");
    this.cursor = page.next;
    this.epoch = page.server_epoch;
  }

  #compare(page) {
    const live = [...this.rows].filter(([, row]) => !row.deleted);
    const terms = live.map(([id, row]) => sync.digestTerm(fromBase64(id), row.version, fromBase64(row.hash)));
    if (toBase64(sync.digest(terms)) !== page.digest) throw new NotWhole("digest");
    return page;
  }

  /** What a row says; a row that cannot be read is kept with the reason, and never edited. */
  #open(row) {
    const known = this.rows.get(row.id);
    const envelope = fromBase64(row.blob);
    const header = this.#header(row.id, row.version, fromBase64(row.prev, 32), row.deleted, row.author);
    const epoch = envelope.length < 5 ? 0 : envelope.readUInt32BE(1);
    const hash = toBase64(sync.revisionHash({ ...header, epoch }, envelope));
    if (known?.version > row.version) throw new NotWhole("fork");
    if (known?.version === row.version && known.hash !== hash) throw new NotWhole("fork");
    if (known?.version + 1 === row.version && known.hash !== row.prev) throw new NotWhole("fork");
    const kept = { version: row.version, seq: row.seq, deleted: row.deleted, author: row.author, hash };
    try {
      return { ...kept, plaintext: this.#read(header, envelope).toString("base64url") };
    } catch (error) {
      if (error instanceof Undecryptable) return { ...kept, unreadable: "undecryptable" };
      if (error instanceof Refused) return { ...kept, unreadable: error.fields.what };
      throw error;
    }
  }

  #header(id, version, prev, deleted, author) {
    const [group, resource] = [fromBase64(this.#group.id), fromBase64(id, 16)];
    return { group, id: resource, version, prev, deleted: deleted ? 1 : 0, author: fromBase64(author, 16) };
  }

  #read(header, envelope) {
    if (!Number.isSafeInteger(header.version) || header.version < 1) throw new Refused("malformed");
    if (envelope.length < 5 || envelope.readUInt32BE(1) !== 1) throw new Undecryptable();
    const key = sync.resourceKey(this.#group.key, header.id);
    const plaintext = readFrame(sync.openEnvelope(key, header, envelope));
    const isWorkspace = readDocument(plaintext).t === "workspace";
    if (isWorkspace !== this.#isWorkspace(header.id)) throw new Refused("malformed");
    return plaintext;
  }

  #isWorkspace(id) {
    return toBase64(sync.groupId(this.#session.account_key, id)) === this.#group.id;
  }

  /** The document of a resource, undefined where there is none that can be read. */
  document(id) {
    const plaintext = this.rows.get(id)?.plaintext;
    return plaintext && readDocument(Buffer.from(plaintext, "base64url"));
  }

  // 9.3, push

  /** Send changes until the server has them; what met a change of somebody else is made again from theirs.
   *
   * A change is {make: id, t, p, o, d, rest?}, {set: id, fields} or {delete: id}. `save` is called before anything is sent and
   * after each answer. With `loseAnswer` the first answer is not looked at, as if it had not come.
   */
  async push(changes, { limit, save, loseAnswer = false }) {
    const met = { ok: 0, superseded: 0, conflict: 0, gone: 0 };
    let waiting = this.#inSendingOrder(changes);
    while (this.outbox.length || waiting.length) {
      if (!this.outbox.length) this.outbox = waiting.splice(0, MOST_CHANGES).map((change) => this.#seal(change));
      await save();
      const answer = await this.#send();
      if (loseAnswer) return met;
      const again = this.#take(answer, met);
      await this.pull(limit);
      await save();
      waiting = this.#inSendingOrder([...again.filter((change) => this.#stillWanted(change)), ...waiting]);
    }
    return met;
  }

  /** Living rows first, as given (parents before children), then deletions, children before parents. */
  #inSendingOrder(changes) {
    const deletions = changes.filter((change) => change.delete !== undefined);
    deletions.sort((one, other) => this.#depth(other.delete) - this.#depth(one.delete));
    return [...changes.filter((change) => change.delete === undefined), ...deletions];
  }

  #depth(id) {
    const walked = new Set();
    for (let at = id; at && !walked.has(at); at = this.document(at)?.p) walked.add(at);
    return walked.size;
  }

  /** 9.5: an edit of somebody else wins over a deletion. */
  #stillWanted(change) {
    return change.delete === undefined;
  }

  /** Take the results in, and the page behind them; returns the changes that are to be made again. */
  #take(answer, met) {
    const sent = this.outbox;
    if (answer.results.length !== sent.length) throw new NotWhole("results");
    const again = [];
    answer.results.forEach((result, place) => {
      const { id, change, row } = sent[place];
      if (result.id !== id) throw new NotWhole("results");
      if (result.result === "rejected") throw new Rejected(result.code);
      met[result.result] += 1;
      if (result.result === "ok") this.rows.set(id, { ...row, seq: result.seq });
      if (result.result === "gone") this.rows.delete(id);
      if (result.result === "gone" || result.result === "conflict") again.push(change);
    });
    this.outbox = [];
    if (!answer.resync && answer.server_epoch === (this.epoch ?? answer.server_epoch)) this.#apply(answer);
    return again;
  }

  #send() {
    const changes = this.outbox.map(({ id, version, prev, deleted, blob }) => ({ id, version, prev, deleted, blob }));
    const body = { after: this.cursor, changes };
    return this.#server.send("POST", `${this.#path}/push`, { body, token: this.#session.token });
  }

  #seal(change) {
    const id = change.set ?? change.make ?? change.delete;
    const known = this.rows.get(id);
    const plaintext = writeDocument(this.#changed(id, change));
    const deleted = change.delete !== undefined;
    const author = toBase64(this.#session.account_id);
    const prev = known ? fromBase64(known.hash) : NO_PREV;
    const header = { ...this.#header(id, (known?.version ?? 0) + 1, prev, deleted, author), epoch: 1 };
    const key = sync.resourceKey(this.#group.key, header.id);
    const envelope = sync.sealEnvelope(key, header, writeFrame(plaintext));
    const hash = toBase64(sync.revisionHash(header, envelope));
    const row = { version: header.version, deleted, author, hash, plaintext: plaintext.toString("base64url") };
    return { id, version: header.version, prev: toBase64(prev), deleted, blob: toBase64(envelope), change, row };
  }

  #changed(id, change) {
    if (change.make !== undefined) return { ...newDocument(change.t, change.p, change.o, change.d), ...change.rest };
    const document = this.document(id);
    if (document === undefined) throw new Refused(`unreadable ${id}`);
    return change.delete === undefined ? edited(document, change.fields) : document;
  }

  // 9.3, revisions

  /** Every version of a resource, the newest first, each opened and compared with the list. */
  async history(id, limit) {
    const path = `${this.#path}/resources/${id}/revisions`;
    const found = [];
    let [more, before] = [true, ""];
    while (more) {
      const query = `?limit=${limit}${before}`;
      const list = await this.#server.send("GET", path + query, { token: this.#session.token });
      for (const listed of list.revisions) {
        const name = listed.kept ? await this.#oldName(id, path, listed) : undefined;
        found.push({ version: listed.version, deleted: listed.deleted, kept: listed.kept, device: listed.device, name });
      }
      more = list.more;
      before = `&before=${found.at(-1)?.version}`;
    }
    return found;
  }

  async #oldName(id, path, listed) {
    const row = await this.#server.send("GET", `${path}/${listed.version}`, { token: this.#session.token });
    const envelope = fromBase64(row.blob);
    const header = this.#header(id, row.version, fromBase64(row.prev, 32), row.deleted, row.author);
    if (toBase64(sync.revisionHash({ ...header, epoch: 1 }, envelope)) !== listed.rev_hash) throw new NotWhole("rev_hash");
    if (row.seq !== null || envelope.length !== listed.size) throw new NotWhole("revision");
    return readDocument(this.#read(header, envelope)).d.name;
  }
}
