import { isUtf8 } from 'node:buffer';
import { lakeErrors } from '../errors.ts';

/**
 * Passes on a byte stream that is valid UTF-8 (RFC 3629), in chunks of whole characters and without a byte order
 * mark. Throws `invalid_encoding` with the offset and line of the first bad byte; a body in UTF-16 is named as such.
 */
export async function* strictUtf8(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let line = 1;
  let started = false;
  for await (const chunk of source) {
    let bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!started) {
      if (bytes.length < 4) {
        rest = bytes;
        continue;
      }
      started = true;
      const start = checkStart(bytes);
      bytes = bytes.subarray(start);
      offset += start;
    }
    const end = bytes.length - incompleteTail(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw invalid(whole, offset, line);
    rest = bytes.subarray(end);
    offset += end;
    line += countLines(whole);
    if (whole.length > 0) yield whole;
  }
  if (!started) {
    const start = checkStart(rest);
    rest = rest.subarray(start);
    offset += start;
  }
  if (rest.length === 0) return;
  if (!isUtf8(rest)) throw invalid(rest, offset, line);
  yield rest;
}

/** Length of the byte order mark, 0 or 3. */
function checkStart(bytes: Buffer): number {
  const [a, b, c, d] = bytes;
  const utf16Mark = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  // Latin text in UTF-16 or UTF-32 without a mark: every other byte is zero.
  const zeros = bytes.length >= 4 && ((a === 0 && c === 0) || (b === 0 && d === 0));
  if (utf16Mark || zeros) {
    throw lakeErrors.invalid_encoding('the body is in UTF-16, not in UTF-8 (byte 0, line 1): save it as UTF-8', {
      details: { byte: 0, line: 1 },
    });
  }
  if (a === 0x1f && b === 0x8b) {
    throw lakeErrors.invalid_encoding(
      'the body is gzip, not text (byte 0, line 1): send it with `Content-Encoding: gzip`, packed once',
      { details: { byte: 0, line: 1 } },
    );
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

/** How many bytes at the end belong to a character that the next chunk completes. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

function invalid(bytes: Buffer, offset: number, line: number): Error {
  // The longest valid prefix, by bisection: validity of prefixes is monotone but for characters cut at their end.
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - incompleteTail(prefix)))) low = middle;
    else high = middle - 1;
  }
  const at = low - incompleteTail(bytes.subarray(0, low));
  const position = { byte: offset + at, line: line + countLines(bytes.subarray(0, at)) };
  return lakeErrors.invalid_encoding(
    `the body is not valid UTF-8 at byte ${position.byte} (line ${position.line}): save it as UTF-8`,
    { details: position },
  );
}
