/** Type ids of PostgreSQL's catalogue, fixed since its beginnings. */
const OID = { boolean: 16, bytea: 17, bigint: 20, integer: 23, text: 25 } as const;

const HEADER = 20;

function start(buffer: Buffer, oid: number, count: number, hasNulls: boolean): Buffer {
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(hasNulls ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16); // the first index
  return buffer;
}

/**
 * PostgreSQL's binary form of a `text[]` (array_send): parsing it costs the server about a tenth of what the array
 * literal does, and writing it needs no escaping. `null` when every value is null, which unnest() takes as a column
 * of NULLs. Texts hold no NUL character.
 */
export function textArray(values: readonly (string | null)[]): Buffer | null {
  let room = HEADER;
  let nulls = 0;
  for (const value of values) {
    room += 4;
    if (value === null) nulls++;
    else room += 3 * value.length; // UTF-8 of a UTF-16 unit takes at most three bytes
  }
  if (nulls === values.length) return null;
  const buffer = start(Buffer.allocUnsafe(room), OID.text, values.length, nulls > 0);
  let at = HEADER;
  for (const value of values) {
    if (value === null) {
      buffer.writeInt32BE(-1, at);
      at += 4;
    } else {
      const bytes = buffer.write(value, at + 4, 'utf8');
      buffer.writeInt32BE(bytes, at);
      at += 4 + bytes;
    }
  }
  return buffer.subarray(0, at);
}

/** `bytea[]` from strings of one character a byte, all of one length. */
export function bytesArray(values: readonly string[], length: number): Buffer {
  const buffer = start(Buffer.allocUnsafe(HEADER + values.length * (4 + length)), OID.bytea, values.length, false);
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(length, at);
    buffer.write(value, at + 4, 'latin1');
    at += 4 + length;
  }
  return buffer;
}

export function integerArray(values: readonly number[]): Buffer {
  const buffer = start(Buffer.allocUnsafe(HEADER + values.length * 8), OID.integer, values.length, false);
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(4, at);
    buffer.writeInt32BE(value, at + 4);
    at += 8;
  }
  return buffer;
}

/** `bigint[]` of numbers from 0 to 2^53 − 1. */
export function bigintArray(values: readonly number[]): Buffer {
  const buffer = start(Buffer.allocUnsafe(HEADER + values.length * 12), OID.bigint, values.length, false);
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(8, at);
    buffer.writeUInt32BE(Math.floor(value / 2 ** 32), at + 4);
    buffer.writeUInt32BE(value % 2 ** 32, at + 8);
    at += 12;
  }
  return buffer;
}

export function booleanArray(values: readonly boolean[]): Buffer {
  const buffer = start(Buffer.allocUnsafe(HEADER + values.length * 5), OID.boolean, values.length, false);
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(1, at);
    buffer[at + 4] = value ? 1 : 0;
    at += 5;
  }
  return buffer;
}
