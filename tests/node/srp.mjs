// The handshake: PROTOCOL.md, chapter 5. Everything from x to K is the npm library's; the proofs are the page's.

import library from "fast-srp-hap";

import { H, ascii, same } from "./crypto.mjs";
import { NotAuthentic } from "./errors.mjs";

const { SRP, SrpClient } = library;

const N = Buffer.from(
  "AC6BDB41324A9A9BF166DE5E1389582FAF72B6651987EE07FC3192943DB56050A37329CBB4A099ED8193E0757767A13DD52312AB4B03310D" +
    "CD7F48A9DA04FD50E8083969EDB767B0CF6095179A163AB3661A05FBD5FAAAE82918A9962F0B93B855F97993EC975EEAA80D740ADBF4FF74" +
    "7359D041D5C33EA71D281E446B14773BCA97B43A23FB801676BD207A436C6481F1D2B9078717461A5B9D32E688F87748544523B524B0D57D" +
    "5EA77A2775D2ECFA032CFBDBF52FB3786160279004E57AE6AF874E7303CE53299CCC041C7BC308D82A5698F3A8D0C38271AE35F8E9DBFBB6" +
    "94B5C803D89F7AE435DE236D525F54759B65E372FCD68EF20FA7111F9E4AFF73",
  "hex",
);
const GROUP = { ...SRP.params[2048], hash: "sha256" };
if (GROUP.N.toString(16).toUpperCase() !== N.toString("hex").toUpperCase() || GROUP.g.toString(10) !== "2") {
  throw new Error("the library's group of 2048 bits is not the page's");
}

/** A salt whose first byte is not 0, of 16 random bytes. */
export function saltOf(random) {
  return Buffer.concat([Buffer.from([1 + (random[0] % 255)]), random.subarray(1)]);
}

/** Say whether the bytes are a salt as the page wants it. */
export function isSalt(bytes) {
  return bytes.length === 16 && bytes[0] !== 0;
}

/** The verifier v in 256 bytes. */
export function verifier(email, srpAuth, salt) {
  return SRP.computeVerifier(GROUP, salt, ascii(email), srpAuth);
}

/** The client's side of one handshake: A, then `prove` with the server's B, then `check` of its M2. */
export class Handshake {
  #client;
  #email;
  #salt;
  #B;

  constructor(email, srpAuth, salt, secret) {
    this.#email = email;
    this.#salt = salt;
    this.#client = new SrpClient(GROUP, salt, ascii(email), srpAuth, secret);
    this.A = this.#client.computeA();
  }

  /** Take the server's B and return M1; `K` is there afterwards. */
  prove(B) {
    if (this.#B !== undefined) throw new Error("a secret answers one B");
    if (B.length !== 256) throw new NotAuthentic("length of B");
    // Bytes of one length compare like their numbers.
    if (B.every((byte) => byte === 0) || Buffer.compare(B, N) >= 0) throw new NotAuthentic("range of B");
    this.u = H(this.A, B);
    if (this.u.every((byte) => byte === 0)) throw new NotAuthentic("u");
    this.#B = B;
    this.#client.setB(B);
    this.K = this.#client.computeK();
    const group = H(N);
    H(Buffer.from([2])).forEach((byte, place) => (group[place] ^= byte));
    this.M1 = H(group, H(ascii(this.#email)), this.#salt, this.A, B, this.K);
    return this.M1;
  }

  /** The proof that the server must give. */
  get M2() {
    return H(this.A, this.M1, this.K);
  }

  /** Say whether the server's proof is right. */
  check(proof) {
    return same(proof, this.M2);
  }
}
