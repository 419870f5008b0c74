const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Number of line ends in UTF-8 text: LF, CR LF, or CR alone. */
export function countLineBreaks(bytes: Uint8Array): number {
  let count = 0;
  for (let position = 0; position < bytes.length; ) {
    const byte = bytes[position];
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
      count++;
      position += lineBreakLength(bytes, position);
    } else {
      position++;
    }
  }
  return count;
}

/** Position of the first line end at or after `from`, or -1. */
export function nextLineBreak(bytes: Uint8Array, from: number): number {
  for (let position = from; position < bytes.length; position++) {
    const byte = bytes[position];
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) return position;
  }
  return -1;
}

/** 2 for CR LF, else 1; `position` is that of a line end. */
export function lineBreakLength(bytes: Uint8Array, position: number): number {
  return bytes[position] === CARRIAGE_RETURN && bytes[position + 1] === LINE_FEED ? 2 : 1;
}
