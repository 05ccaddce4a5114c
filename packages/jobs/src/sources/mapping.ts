import type { FieldProblem } from '@understudy/kernel';
import type { PredictionRequest } from '@understudy/wire';
import { JSONPathEnvironment, type JSONPathQuery, jsonpath } from 'json-p3';
import { sourceErrors } from './errors.ts';
import type { Mapping } from './source.ts';

const environment = new JSONPathEnvironment({ strict: true });
const { NameSelector, IndexSelector } = jsonpath.selectors;

/** Names and indexes, in order. */
export type Path = readonly (string | number)[];

/**
 * A JSONPath (RFC 9535) that can find one value at most: names and indexes. Returns its steps, or what is wrong with it.
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
    if (segment.constructor.name === 'DescendantSegment' || !query.singularQuery()) {
      return 'a path holds names and indexes only: no wildcards, slices, filters or `..`';
    }
    if (selector instanceof NameSelector) steps.push(selector.name);
    else if (selector instanceof IndexSelector) steps.push(selector.index);
    else return 'a path holds names and indexes only';
  }
  return steps;
}

/** The value at a path; undefined where there is none. */
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

/** What a message is after mapping. */
export interface MappedItem {
  request: PredictionRequest;
  /** Where the mapping names one. */
  id: string | null;
}

/** A mapping ready to be used. */
export interface CompiledMapping {
  /** @throws `message_unmapped` with every place */
  map(root: unknown): MappedItem;
}

const MOST_TEXT = 500;
const MOST_ATTRIBUTE = 2000;

/**
 * Checks a mapping and makes it ready.
 *
 * @throws `invalid_mapping` with every wrong path
 */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const problems: FieldProblem[] = [];
  const compiled = (pointer: string, text: string): Path => {
    const path = compilePath(text);
    if (typeof path !== 'string') return path;
    problems.push({ pointer: `/mapping${pointer}`, code: 'invalid_mapping', detail: path });
    return [];
  };
  const optional = (pointer: string, text: string | null) => (text === null ? null : compiled(pointer, text));
  const text = compiled('/input/text', mapping.input.text);
  const externalId = optional('/external_id', mapping.externalId);
  const subject = optional('/subject', mapping.subject);
  const id = optional('/id', mapping.id);
  const attributes = Object.entries(mapping.attributes).map(
    ([name, path]) => [name, compiled(`/attributes/${escapePointer(name)}`, path)] as const,
  );
  if (problems.length > 0) {
    throw sourceErrors.invalid_mapping(`${problems[0]!.pointer} ${problems[0]!.detail}`, { problems });
  }
  return {
    map(root) {
      const wrong: FieldProblem[] = [];
      const item: PredictionRequest = { input: { text: '' } };
      const found = select(text, root);
      if (typeof found === 'string') item.input.text = found;
      else wrong.push(missing('/input/text', mapping.input.text, 'a string', found));
      const name = (pointer: string, path: Path | null, source: string | null, needed: boolean) => {
        if (path === null) return null;
        const value = select(path, root);
        if (!needed && (value === undefined || value === null)) return null;
        const made = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
        if (typeof made === 'string' && made.length >= 1 && made.length <= MOST_TEXT) return made;
        wrong.push(missing(pointer, source!, `1…${MOST_TEXT} characters or a number`, value));
        return null;
      };
      const external = name('/external_id', externalId, mapping.externalId, true);
      const about = name('/subject', subject, mapping.subject, false);
      const identity = name('/id', id, mapping.id, true);
      if (external !== null) item.external_id = external;
      if (about !== null) item.subject = about;
      const facts: Record<string, string | number | boolean | null> = {};
      for (const [attribute, path] of attributes) {
        const value = select(path, root);
        if (value === undefined) continue; // a fact that this item lacks
        if (isFact(value)) facts[attribute] = value;
        else {
          const pointer = `/attributes/${escapePointer(attribute)}`;
          const wanted = `a string of at most ${MOST_ATTRIBUTE} characters, a number, a boolean or null`;
          wrong.push(missing(pointer, mapping.attributes[attribute]!, wanted, value));
        }
      }
      if (attributes.length > 0) item.attributes = facts;
      if (wrong.length > 0) {
        throw sourceErrors.message_unmapped(wrong.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), {
          problems: wrong,
        });
      }
      return { request: item, id: identity };
    },
  };
}

function isFact(value: unknown): value is string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return true;
  return typeof value === 'string' ? value.length <= MOST_ATTRIBUTE : typeof value === 'number';
}

/** Names the path and the type, never the value: it may be personal. */
function missing(pointer: string, path: string, wanted: string, value: unknown): FieldProblem {
  const got = value === undefined ? 'nothing' : describe(value);
  return { pointer, code: 'message_unmapped', detail: `${path} finds ${got}, not ${wanted}` };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return value === '' ? 'an empty string' : `a string of ${value.length} characters`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
