// The commands that sync: workspaces pulled, shown, edited and made. What is known of each group lies in a file of the
// caller's between two commands.

import { readFile, writeFile } from "node:fs/promises";

import { between, inOrder } from "./documents.mjs";
import { randomBytes } from "./crypto.mjs";
import { NotWhole, Refused } from "./errors.mjs";
import { parse, stringify } from "./json.mjs";
import { Replica, groups, heads, makeGroup } from "./replica.mjs";
import { singletonId } from "./sync.mjs";
import { fromBase64, toBase64 } from "./text.mjs";

const LIMIT = 500;

/** What `sign-in` answered, as the commands here take it. */
function sessionOf(input) {
  const { token, account_id: accountId, account_key: accountKey } = input.session;
  return { token, account_id: fromBase64(accountId, 16), account_key: fromBase64(accountKey, 32) };
}

/** The groups' states in the caller's file. */
class StateFile {
  #path;

  constructor(path, content) {
    this.#path = path;
    this.etag = content.etag;
    this.groups = content.groups ?? {};
  }

  static async open(path) {
    try {
      return new StateFile(path, parse(await readFile(path, "utf8")));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      return new StateFile(path, {});
    }
  }

  async save(replica, id) {
    if (replica !== undefined) this.groups[id] = replica.state();
    await writeFile(this.#path, stringify({ etag: this.etag, groups: this.groups }));
  }
}

/** {server, session, state, limit?}: pull every group; answers `unchanged` where heads say that nothing is new. */
export async function pull(server, input) {
  const session = sessionOf(input);
  const file = await StateFile.open(input.state);
  const { value: told, etag } = await heads(server, session, file.etag);
  if (told === undefined) return { unchanged: true };
  const shown = [];
  for (const group of await groups(server, session)) {
    const replica = new Replica(server, session, group, file.groups[group.id]);
    const page = await replica.pull(input.limit ?? LIMIT);
    const head = told.groups.find((each) => each.id === group.id);
    if (head === undefined || page.head_seq < head.head_seq) throw new NotWhole("head_seq");
    if (page.head_seq === head.head_seq && page.digest !== head.digest) throw new NotWhole("digest of heads");
    await file.save(replica, group.id);
    shown.push({ id: group.id, pages: replica.pages, head_seq: page.head_seq, ...show(replica) });
  }
  file.etag = etag;
  await file.save();
  return { groups: shown };
}

/** The tree of a group, siblings in their order, with every document as text that lost nothing. */
function show(replica) {
  const documents = new Map();
  const [deleted, unreadable] = [[], []];
  for (const [id, row] of replica.rows) {
    if (row.unreadable) unreadable.push({ id, reason: row.unreadable });
    else if (row.deleted) deleted.push(id);
    else documents.set(id, replica.document(id));
  }
  const under = (parent) =>
    [...documents]
      .filter(([, document]) => document.p === parent)
      .sort(inOrder)
      .map(([id, document]) => ({
        id,
        type: document.t,
        order: document.o,
        version: replica.rows.get(id).version,
        document: stringify(document),
        children: under(id),
      }));
  return { tree: under(null), deleted: deleted.sort(), unreadable };
}

/** {server, session, state, group, changes, limit?, lose_answer?}; a new document is put behind a sibling.
 *
 * A change is {set: id, fields}, {delete: id} or {make: type, parent, behind: id | null, fields, rest?}; `rest`
 * are keys of the plaintext that this version of the protocol does not know. */
export async function push(server, input) {
  const session = sessionOf(input);
  const file = await StateFile.open(input.state);
  const group = (await groups(server, session)).find((each) => each.id === input.group);
  if (group === undefined) throw new Refused("group");
  const replica = new Replica(server, session, group, file.groups[group.id]);
  const made = [];
  const changes = input.changes.map((change) => {
    if (change.make === undefined) return change;
    const id = toBase64(randomBytes(16));
    made.push(id);
    return { make: id, t: change.make, p: change.parent, o: orderBehind(replica, change), d: change.fields, rest: change.rest };
  });
  const options = { limit: input.limit ?? LIMIT, save: () => file.save(replica, group.id) };
  const met = await replica.push(changes, { ...options, loseAnswer: input.lose_answer });
  return { met, made, ...show(replica) };
}

function orderBehind(replica, { parent, behind }) {
  const siblings = [...replica.rows.keys()]
    .map((id) => [id, replica.document(id)])
    .filter(([id, document]) => document?.p === parent && !replica.rows.get(id).deleted)
    .sort(inOrder);
  const place = siblings.findIndex(([id]) => id === behind);
  return between(siblings[place]?.[1].o, siblings[place + 1]?.[1].o);
}

/** {server, session, state, name, changes?}: a workspace of this client's own, with its base environment (9.8). */
export async function makeWorkspace(server, input) {
  const session = sessionOf(input);
  const file = await StateFile.open(input.state);
  const [workspaceId, seed] = [randomBytes(16), randomBytes(16)];
  const group = await makeGroup(server, session, workspaceId);
  const replica = new Replica(server, session, group);
  const id = toBase64(workspaceId);
  const environmentId = toBase64(singletonId(seed, "base_environment"));
  const environment = { name: "Base environment", color: "", variables: input.variables ?? [] };
  const workspace = { name: input.name, description: "", seed: toBase64(seed) };
  const changes = [
    { make: id, t: "workspace", p: null, o: "V", d: workspace },
    { make: environmentId, t: "environment", p: id, o: "V", d: environment },
  ];
  await replica.push(changes, { limit: LIMIT, save: () => file.save(replica, group.id) });
  return { workspace: id, group: group.id };
}

/** {server, session, state, group, id, limit?}: the versions of a resource, each checked. */
export async function history(server, input) {
  const session = sessionOf(input);
  const group = (await groups(server, session)).find((each) => each.id === input.group);
  if (group === undefined) throw new Refused("group");
  return { versions: await new Replica(server, session, group).history(input.id, input.limit ?? LIMIT) };
}
