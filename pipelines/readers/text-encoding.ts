import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";
import type { TextEncoding } from "./reader.ts";

/** Thrown by `decode` when bytes said to be UTF-8 are not; `validBytes` are those of the same call that stand before. */
export class InvalidUtf8 extends Error {
  readonly validBytes: Uint8Array;

  constructor(validBytes: Uint8Array) {
    super("invalid UTF-8");
    this.validBytes = validBytes;
  }
}

/** Turns the successive chunks of a text into UTF-8; no character is ever cut between two results. */
interface ChunkDecoder {
  /** The result may share its memory with `chunk`, and is valid until the next call. */
  decode(chunk: Uint8Array): Uint8Array;
  /** To be called after the last chunk. */
  end(): void;
}

/** Thrown by `decode` when text said to be in ISO-8859-15 holds one of the bytes 0x80 to 0x9f, which it has no letter for. */
export class NotIso885915 extends Error {
  constructor() {
    super("no ISO-8859-15");
  }
}

/**
 * A decoder for one file. That of UTF-8 throws InvalidUtf8, that of ISO-8859-15 NotIso885915; Windows-1252 has a meaning
 * for every byte.
 */
export function chunkDecoder(encoding: TextEncoding): ChunkDecoder {
  if (encoding === "utf-8") return utf8Decoder();
  return latinDecoder(encoding === "windows-1252" ? WINDOWS_1252 : ISO_8859_15);
}

function utf8Decoder(): ChunkDecoder {
  let held: Uint8Array = new Uint8Array(0);
  return {
    decode(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const complete = bytes.subarray(0, bytes.length - unfinishedLength(bytes));
      if (!isUtf8(complete)) throw new InvalidUtf8(validLines(complete));
      // A copy: the caller reads the next chunk into the same memory.
      held = Uint8Array.from(bytes.subarray(complete.length));
      return complete;
    },
    end() {
      if (held.length > 0) throw new InvalidUtf8(new Uint8Array(0));
    },
  };
}

/** How many bytes at the end begin a character that the next chunk may finish. */
function unfinishedLength(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte >= 0xc0) return length < characterLength(byte) ? length : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function characterLength(leadByte: number): number {
  return leadByte >= 0xf0 ? 4 : leadByte >= 0xe0 ? 3 : 2;
}

/** The whole lines before the first line that is not valid UTF-8. */
function validLines(bytes: Uint8Array): Uint8Array {
  let lineStart = 0;
  for (;;) {
    const lineFeed = bytes.indexOf(0x0a, lineStart);
    if (lineFeed < 0 || !isUtf8(bytes.subarray(lineStart, lineFeed))) break;
    lineStart = lineFeed + 1;
  }
  return bytes.subarray(0, lineStart);
}

/** What stands for the bytes 0x80 to 0xbf where an encoding differs from Latin-1; null where it has no letter. */
type Differences = readonly (Buffer | null | undefined)[];

/**
 * The five bytes that Windows-1252 leaves undefined remain the control characters of Latin-1, as in browsers: the contract
 * then rejects the value and shows it, where U+FFFD would pass.
 */
const WINDOWS_1252: Differences = Array.from({ length: 32 }, (_, index) => {
  const character = iconv.decode(Buffer.of(0x80 + index), "windows-1252");
  return Buffer.from(character === "\ufffd" ? String.fromCharCode(0x80 + index) : character, "utf8");
});

const ISO_8859_15: Differences = Array.from({ length: 64 }, (_, index) => {
  const character = iconv.decode(Buffer.of(0x80 + index), "iso-8859-15");
  if (index < 0x20) return null;
  return character === String.fromCharCode(0x80 + index) ? undefined : Buffer.from(character, "utf8");
});

function latinDecoder(differences: Differences): ChunkDecoder {
  let latin: Buffer = Buffer.alloc(0);
  let corrected: Buffer = Buffer.alloc(0);
  return {
    decode(chunk) {
      if (isAscii(chunk)) return chunk;
      if (latin.length < 2 * chunk.length) {
        latin = Buffer.allocUnsafeSlow(2 * chunk.length);
        corrected = Buffer.allocUnsafeSlow(3 * chunk.length);
      }
      // Node converts Latin-1 natively.
      const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
      return correct(latin.subarray(0, latin.write(text, "utf8")), corrected, differences);
    },
    end() {},
  };
}

/** Puts right, in `corrected`, what Latin-1 made of the bytes 0x80 to 0xbf: 0xc2 and the byte itself. */
function correct(utf8: Buffer, corrected: Buffer, differences: Differences): Uint8Array {
  let length = 0;
  let copied = 0;
  for (let lead = utf8.indexOf(0xc2); lead >= 0; lead = utf8.indexOf(0xc2, lead + 2)) {
    const right = differences[(utf8[lead + 1] ?? 0) - 0x80];
    if (right === null) throw new NotIso885915();
    if (right === undefined) continue;
    length += utf8.copy(corrected, length, copied, lead);
    length += right.copy(corrected, length);
    copied = lead + 2;
  }
  if (copied === 0) return utf8;
  length += utf8.copy(corrected, length, copied);
  return corrected.subarray(0, length);
}
