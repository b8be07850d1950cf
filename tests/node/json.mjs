// JSON of a plaintext: PROTOCOL.md 9.8. Every number that nobody edits is written again as it was read, which the
// numbers of this language cannot do (1.0 becomes 1, and whole numbers beyond 2^53 become others).

import { Refused } from "./errors.mjs";

const DEEPEST = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const SPACE = /[\t\n\r ]*/y;
const WORDS = { t: ["true", true], f: ["false", false], n: ["null", null] };

/** A number as it was written, where this language would write it in another way. */
export class WrittenNumber {
  constructor(text) {
    this.text = text;
  }
}

/** The JSON value of a text; raises Refused. Objects have no prototype, so that `__proto__` is a key as all others. */
export function parse(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  if (reader.next() !== undefined) throw new Refused("json");
  return value;
}

class Reader {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  /** The next character that is no white space; it is not taken. */
  next() {
    this.#match(SPACE);
    return this.#text[this.#at];
  }

  value(depth) {
    const first = this.next();
    if (first === "{") return this.#object(depth + 1);
    if (first === "[") return this.#array(depth + 1);
    if (first === '"') return this.#string();
    const [word, value] = WORDS[first] ?? [];
    if (word !== undefined) {
      if (!this.#text.startsWith(word, this.#at)) throw new Refused("json");
      this.#at += word.length;
      return value;
    }
    const written = this.#match(NUMBER);
    if (!written) throw new Refused("json");
    const number = Number(written);
    if (!Number.isFinite(number)) throw new Refused("json");
    return Number.isSafeInteger(number) && String(number) === written ? number : new WrittenNumber(written);
  }

  #object(depth) {
    const found = Object.create(null);
    this.#items("}", depth, () => {
      if (this.next() !== '"') throw new Refused("json");
      const key = this.#string();
      this.#take(":");
      found[key] = this.value(depth);
    });
    return found;
  }

  #array(depth) {
    const found = [];
    this.#items("]", depth, () => found.push(this.value(depth)));
    return found;
  }

  #items(end, depth, readOne) {
    if (depth > DEEPEST) throw new Refused("json");
    this.#at += 1;
    if (this.next() === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      readOne();
      if (this.next() === end) break;
      this.#take(",");
    }
    this.#at += 1;
  }

  #string() {
    let text;
    try {
      text = JSON.parse(this.#match(STRING));
    } catch {
      throw new Refused("json");
    }
    if (!text.isWellFormed()) throw new Refused("json");
    return text;
  }

  #take(character) {
    if (this.next() !== character) throw new Refused("json");
    this.#at += 1;
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [""];
    this.#at += found.length;
    return found;
  }
}

/** The text of a JSON value, as `parse` returns them; a member that is undefined is left out. */
export function stringify(value) {
  if (value instanceof WrittenNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(stringify).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${stringify(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
