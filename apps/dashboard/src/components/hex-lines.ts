/** 16 bytes a line as `00000010  48 65 6c 6c 6f …  |Hello…|`: offset, values, and what of it can be read. */
export function hexLines(bytes: Uint8Array, limit = 4096): string[] {
  const lines: string[] = [];
  for (let offset = 0; offset < Math.min(bytes.length, limit); offset += 16) {
    const row = [...bytes.subarray(offset, Math.min(offset + 16, limit))];
    const values = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${values.padEnd(47)}  |${text}|`);
  }
  return lines;
}

/** The bytes of a standard base64 text. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
