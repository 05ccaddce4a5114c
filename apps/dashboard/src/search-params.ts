/** Reads what stands in the address bar, where anybody may have written anything. */

export function textParam(value: unknown, maxLength = 500): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= maxLength ? text : undefined;
}

/** A text of this form; what cannot be one would only make the server refuse the whole question. */
export function patternParam(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

/** The name of a task or source in addresses. */
export const SLUG: RegExp = /^[a-z][a-z0-9-]{0,62}$/;

export function choiceParam<const C extends string>(value: unknown, choices: readonly C[]): C | undefined {
  return choices.includes(value as C) ? (value as C) : undefined;
}

export function numberParam(value: unknown, minimum: number, maximum: number): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && number >= minimum && number <= maximum ? number : undefined;
}

/**
 * What a route’s `validateSearch` gives. What is missing or was refused stands in it as `undefined`: the router lays it
 * over what the address says, and an absent entry would let the refused one through.
 */
export function checked<T extends object>(params: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return params as never;
}

/** How many parameters say something. */
export function givenCount(params: object): number {
  return Object.values(params).filter((value) => value !== undefined).length;
}
