/** Deepest nesting of a row, and most `{ [ , :` in it; an honest example has depth 3 and some hundred of them. */
export const MAX_DEPTH = 16;
export const MAX_TOKENS = 4096;

/**
 * Whether a JSON text stays within bounds, by scanning its bytes. Parsing `[[[[…` or `[{},{},…` of some megabytes
 * would cost a hundred times their size in memory, so large rows are looked at before the parser meets them.
 */
export function withinJsonBounds(bytes: Buffer): boolean {
  let depth = 0;
  let tokens = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
      continue;
    }
    if (byte === 0x22) inString = true;
    else if (byte === 0x2c || byte === 0x3a) tokens++;
    else if (byte === 0x7b || byte === 0x5b) {
      tokens++;
      if (++depth > MAX_DEPTH) return false;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    if (tokens > MAX_TOKENS) return false;
  }
  return true;
}
