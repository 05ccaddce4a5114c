/** Text as PostgreSQL holds it: without NUL and without half of a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** JSON as PostgreSQL holds it, of facts that are shown to people: what cannot be stored is replaced, not refused. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}
