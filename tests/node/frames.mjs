// Zstandard frames (RFC 8878) as PROTOCOL.md 9.1 wants them. Written uncompressed; read by Node where it can, else by
// the npm package `fzstd`.

import * as zlib from "node:zlib";

import { Undecryptable } from "./errors.mjs";

const MAGIC = Buffer.from("28b52ffd", "hex");
const LONGEST_BLOCK = 128 * 1024;
const LONGEST_CONTENT = 16 * 1024 * 1024;
const RLE = 1;
const RESERVED = 3;

const decompress = zlib.zstdDecompressSync ?? decompressWith((await import("fzstd")).Decompress);

// Piece by piece: at once `fzstd` fills what a frame claims and does not hold with zeros.
function decompressWith(Decompress) {
  return (frame) => {
    const pieces = [];
    new Decompress((piece) => pieces.push(Buffer.from(piece))).push(frame, true);
    return Buffer.concat(pieces);
  };
}

/** One frame of raw blocks, with its content size. */
export function writeFrame(content) {
  if (content.length < 1 || content.length > LONGEST_CONTENT) throw new RangeError("1 byte to 16 MiB");
  const parts = [MAGIC, header(content.length)];
  for (let at = 0; at < content.length; at += LONGEST_BLOCK) {
    const block = content.subarray(at, at + LONGEST_BLOCK);
    const last = at + LONGEST_BLOCK >= content.length ? 1 : 0;
    const head = Buffer.alloc(3);
    head.writeUIntLE((block.length << 3) | last, 0, 3);
    parts.push(head, block);
  }
  return Buffer.concat(parts);
}

// A single segment, whose window is its content: the field is 1, 2 or 4 bytes long.
function header(size) {
  if (size < 256) return Buffer.from([0x20, size]);
  const [descriptor, bytes, value] = size < 65792 ? [0x60, 2, size - 256] : [0xa0, 4, size];
  const field = Buffer.alloc(1 + bytes);
  field[0] = descriptor;
  field.writeUIntLE(value, 1, bytes);
  return field;
}

/** The content of a frame; raises Undecryptable for any other than the page allows. */
export function readFrame(frame) {
  try {
    const size = checkFrame(frame);
    const content = Buffer.from(decompress(frame));
    if (content.length === size) return content;
  } catch (error) {
    // A read past the end is a RangeError; what the libraries raise has many names.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  }
  throw new Undecryptable();
}

/** The size that a frame claims, which is read before anything is decompressed. */
function checkFrame(frame) {
  if (!frame.subarray(0, 4).equals(MAGIC)) throw new Undecryptable();
  const descriptor = frame.readUInt8(4);
  const single = (descriptor >> 5) & 1;
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6];
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  if (descriptor & 0x0c || sizeBytes === 0) throw new Undecryptable();
  let at = 5 + (single ? 0 : 1);
  if (dictionaryBytes && frame.readUIntLE(at, dictionaryBytes) !== 0) throw new Undecryptable();
  at += dictionaryBytes;
  const size = sizeBytes === 8 ? Number(frame.readBigUInt64LE(at)) : frame.readUIntLE(at, sizeBytes);
  const content = sizeBytes === 2 ? size + 256 : size;
  if (content < 1 || content > LONGEST_CONTENT) throw new Undecryptable();
  if (endOfBlocks(frame, at + sizeBytes) !== frame.length) throw new Undecryptable();
  return content;
}

function endOfBlocks(frame, start) {
  let at = start;
  for (;;) {
    const head = frame.readUIntLE(at, 3);
    const kind = (head >> 1) & 3;
    if (kind === RESERVED) throw new Undecryptable();
    at += 3 + (kind === RLE ? 1 : head >> 3);
    if (head & 1) return at;
  }
}
