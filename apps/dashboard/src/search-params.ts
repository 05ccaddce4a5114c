/** Reads what stands in the address bar, where anybody may have written anything. */

export function textParam(value: unknown, maxLength = 500): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= maxLength ? text : undefined;
}

export function choiceParam<const C extends string>(value: unknown, choices: readonly C[]): C | undefined {
  return choices.includes(value as C) ? (value as C) : undefined;
}

export function numberParam(value: unknown, minimum: number, maximum: number): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && number >= minimum && number <= maximum ? number : undefined;
}

/** Without the entries that say nothing, so that addresses stay short. */
export function present<T extends object>(params: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as never;
}
