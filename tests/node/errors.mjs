// The ways in which a command of this client ends without success; `fields` is what it answers.

/** Something that does not open, with no detail (PROTOCOL.md 2.2). */
export class Undecryptable extends Error {
  get fields() {
    return { error: "undecryptable" };
  }
}

/** Something typed, or read from the wire, that is not in the form that the page asks for. */
export class Refused extends Error {
  constructor(what) {
    super(`refused: ${what}`);
    this.fields = { error: "refused", what };
  }
}

/** The server speaks a version that this client does not know (7.2, 7.11). */
export class NewerProtocol extends Error {
  constructor(what) {
    super(`newer protocol: ${what}`);
    this.fields = { error: "newer_protocol", what };
  }
}

/** A check of the sign-in failed: this server is not authentic (7.2). */
export class NotAuthentic extends Error {
  constructor(what) {
    super(`not authentic: ${what}`);
    this.fields = { error: "not_authentic", what };
  }
}

/** No answer of the protocol: a failure of the network, whatever came instead (6). */
export class NetworkFailure extends Error {
  constructor(what) {
    super(`network: ${what}`);
    this.fields = { error: "network", what };
  }
}

/** A problem document of the server (6.1). */
export class Problem extends Error {
  constructor(status, code, field, retryAfter) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.fields = { error: "problem", status, code };
    if (field !== undefined) this.fields.field = field;
    if (retryAfter !== undefined) this.fields.retry_after = retryAfter;
  }
}

/** A server whose group does not hold together (9.2, 9.4): what it tells is not what was pushed. */
export class NotWhole extends Error {
  constructor(what) {
    super(`not whole: ${what}`);
    this.fields = { error: "not_whole", what };
  }
}

/** A change that the server rejected (9.3). */
export class Rejected extends Error {
  constructor(code) {
    super(`rejected: ${code}`);
    this.fields = { error: "rejected", code };
  }
}
