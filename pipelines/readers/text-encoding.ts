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
export interface ChunkDecoder {
  /** The result may share its memory with `chunk`. */
  decode(chunk: Uint8Array): Uint8Array;
  /** To be called after the last chunk. */
  end(): void;
}

/** A decoder for one file. That of UTF-8 throws InvalidUtf8; Windows-1252 has a meaning for every byte. */
export function chunkDecoder(encoding: TextEncoding): ChunkDecoder {
  return encoding === "utf-8" ? utf8Decoder() : windows1252Decoder();
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

/**
 * UTF-8 of the bytes 0x80 to 0xff of Windows-1252. The five bytes it leaves undefined become the control characters
 * of the same number, as in browsers: the contract then rejects the value and shows it, where U+FFFD would pass.
 */
const utf8OfHighByte: readonly Uint8Array[] = Array.from({ length: 128 }, (_, index) => {
  const character = iconv.decode(Buffer.of(0x80 + index), "windows-1252");
  return Buffer.from(character === "\ufffd" ? String.fromCharCode(0x80 + index) : character, "utf8");
});

function windows1252Decoder(): ChunkDecoder {
  return {
    decode: (chunk) => (isAscii(chunk) ? chunk : utf8OfWindows1252(chunk)),
    end() {},
  };
}

function utf8OfWindows1252(chunk: Uint8Array): Uint8Array {
  const target = Buffer.allocUnsafe(chunk.length * 3);
  let length = 0;
  for (let position = 0; position < chunk.length; ) {
    const high = nextHighByte(chunk, position);
    target.set(chunk.subarray(position, high), length);
    length += high - position;
    for (position = high; position < chunk.length; position++) {
      const byte = chunk[position] ?? 0;
      if (byte < 0x80) break;
      for (const unit of utf8OfHighByte[byte - 0x80] ?? []) target[length++] = unit;
    }
  }
  return target.subarray(0, length);
}

function nextHighByte(chunk: Uint8Array, from: number): number {
  let position = from;
  while (position < chunk.length && (chunk[position] ?? 0) < 0x80) position++;
  return position;
}
