/** Everything that an iterable gives, each put through `map`. */
export async function collect<T, R = T>(source: AsyncIterable<T>, map?: (value: T) => R): Promise<R[]> {
  const all: R[] = [];
  for await (const value of source) all.push(map === undefined ? (value as unknown as R) : map(value));
  return all;
}
