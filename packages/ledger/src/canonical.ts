/**
 * JSON in the canonical form of RFC 8785 (JCS): members sorted by the UTF-16 code units of their names, no white
 * space, numbers and strings as ECMAScript writes them. Members whose value is `undefined` are left out.
 *
 * One deliberate difference: a lone surrogate, at which RFC 8785 stops, is written as its `\udXXX` escape. A caller's
 * odd text is still evidence, and it is better hashed than refused after the answer was computed.
 *
 * @throws TypeError for NaN, infinities, bigints, functions and symbols, which have no JSON form
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('a number that JSON cannot carry');
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? arrayJson(value) : objectJson(value);
    default:
      throw new TypeError(`a value that JSON cannot carry: ${typeof value}`);
  }
}

function arrayJson(values: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + canonicalJson(values[i]);
  return `${text}]`;
}

function objectJson(value: object): string {
  const members = value as Record<string, unknown>;
  const names = Object.keys(members);
  if (names.length > 1) names.sort();
  let text = '{';
  for (const name of names) {
    const member = members[name];
    if (member === undefined) continue;
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}
