import { JSONPathEnvironment, type JSONPathQuery, jsonpath } from 'json-p3';

const environment = new JSONPathEnvironment({ strict: true });
const { NameSelector, IndexSelector } = jsonpath.selectors;

/** Names and indexes, in order. */
export type Path = readonly (string | number)[];

/**
 * A JSONPath (RFC 9535) that can find one value at most: names and indexes, as the mappings of sources and predict routes
 * hold them. Returns its steps, or what is wrong with it.
 */
export function compilePath(text: string): Path | string {
  if (!text.startsWith('$')) return 'a path begins with $';
  let query: JSONPathQuery;
  try {
    query = environment.compile(text);
  } catch (error) {
    return `is no JSONPath: ${error instanceof Error ? error.message : String(error)}`;
  }
  const steps: (string | number)[] = [];
  for (const segment of query.segments) {
    const [selector, ...more] = segment.selectors;
    if (more.length > 0) return 'a path names one value, no union';
    if (!query.singularQuery()) return 'a path holds names and indexes only: no wildcards, slices, filters or `..`';
    if (selector instanceof NameSelector) steps.push(selector.name);
    else if (selector instanceof IndexSelector) steps.push(selector.index);
    else return 'a path holds names and indexes only';
  }
  return steps;
}

/** The value at a path; undefined where there is none. Own fields only: what JavaScript adds is not found. */
export function select(path: Path, root: unknown): unknown {
  let value = root;
  for (const step of path) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return undefined;
      value = value.at(step);
    } else {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) {
        return undefined;
      }
      value = (value as Record<string, unknown>)[step];
    }
  }
  return value;
}

/** Names the type of a value, never the value: it may be personal. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty string' : `a string of ${value.length} characters`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** One step of a JSON Pointer (RFC 6901). */
export function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
