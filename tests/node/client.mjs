#!/usr/bin/env node
// The command line: `client.mjs COMMAND`, one JSON object on standard input, answers as lines of JSON on standard
// output. The last line has `ok`; it is false where the command exits with 1.

import { randomBytes } from "node:crypto";
import { text as readAll } from "node:stream/consumers";

import * as errors from "./errors.mjs";
import { Server } from "./http.mjs";
import { parse } from "./json.mjs";
import * as protocol from "./protocol.mjs";
import { canonicalEmail, passwordBytes, readRecoveryText, toBase64 } from "./text.mjs";
import { checkVectors } from "./vectors.mjs";
import * as workspaces from "./workspaces.mjs";

const PLATFORMS = { linux: "linux", darwin: "macos", win32: "windows" };

const COMMANDS = {
  "sign-up": signUp,
  "sign-in": signIn,
  account,
  "change-password": changePassword,
  recover,
  pull: async (input) => workspaces.pull(await connect(input), input),
  push: async (input) => workspaces.push(await connect(input), input),
  "make-workspace": async (input) => workspaces.makeWorkspace(await connect(input), input),
  history: async (input) => workspaces.history(await connect(input), input),
  listen,
  vectors,
};

function say(answer) {
  process.stdout.write(JSON.stringify(answer) + "\n");
}

async function connect(input) {
  const server = new Server(input.server);
  await protocol.checkService(server);
  return server;
}

/** {server, email, password, name?, iters?, recovery?, invite?} */
async function signUp(input) {
  const server = await connect(input);
  return protocol.signUp(server, {
    email: canonicalEmail(input.email),
    password: passwordBytes(input.password),
    name: input.name ?? "",
    iters: input.iters ?? protocol.DEFAULT_ITERS,
    recovery: input.recovery ?? true,
    invite: input.invite,
  });
}

/** {server, email, password, device?, pins?}; answers the token, the account and its opened key. */
async function signIn(input) {
  const session = await enter(await connect(input), input);
  return {
    token: session.token,
    account_id: toBase64(session.account_id),
    device_id: session.device_id,
    expires_at: session.expires_at,
    iters: session.kdf.iters,
    account_key: toBase64(session.account_key),
    account: session.account,
  };
}

function enter(server, input) {
  return protocol.signIn(server, {
    email: canonicalEmail(input.email),
    password: passwordBytes(input.password),
    device: input.device ?? {
      id: toBase64(randomBytes(16)),
      name: "Node",
      platform: PLATFORMS[process.platform] ?? "other",
    },
    pins: input.pins,
  });
}

/** {server, token}: what the server says of the account of a session. */
async function account(input) {
  const server = await connect(input);
  return { account: await server.send("GET", "/v1/account", { token: input.token }) };
}

/** {server, email, password, new_password, again?, iters?}; answers the session, which goes on. */
async function changePassword(input) {
  const server = await connect(input);
  const session = await enter(server, input);
  await protocol.changePassword(server, session, {
    email: canonicalEmail(input.email),
    password: passwordBytes(input.new_password),
    again: passwordBytes(input.again ?? input.new_password),
    iters: input.iters ?? session.kdf.iters,
  });
  return { token: session.token, account_id: toBase64(session.account_id) };
}

/** {server, email, recovery_key, new_password, iters?}; says the new recovery key before the server is told. */
async function recover(input) {
  const key = readRecoveryText(input.recovery_key);
  return protocol.recover(await connect(input), {
    email: canonicalEmail(input.email),
    key,
    password: passwordBytes(input.new_password),
    iters: input.iters,
    show: (text) => say({ new_recovery_key: text }),
  });
}

/** {server, token, until}: says that the stream is open, and every event of it until one has this name. */
async function listen(input) {
  const server = await connect(input);
  const opened = () => say({ event: "open" });
  await server.events(input.token, opened, (name, data) => {
    say({ event: name, data });
    return name !== input.until;
  });
  return {};
}

/** {folder}: check the published test vectors. */
async function vectors(input) {
  const { checked, wrong } = await checkVectors(input.folder);
  return { ok: wrong.length === 0, checked, wrong };
}

async function main() {
  const command = COMMANDS[process.argv[2]];
  if (command === undefined || process.argv.length !== 3) {
    process.stderr.write(`usage: client.mjs ${Object.keys(COMMANDS).join("|")} < input.json\n`);
    return 2;
  }
  const input = parse(await readAll(process.stdin));
  try {
    const answer = { ok: true, ...(await command(input)) };
    say(answer);
    return answer.ok ? 0 : 1;
  } catch (error) {
    const known = Object.values(errors).some((kind) => error instanceof kind);
    if (!known) throw error;
    say({ ok: false, ...error.fields });
    return 1;
  }
}

process.exitCode = await main();
