import type { FieldProblem } from '@understudy/kernel';
import type { PredictionRequest } from '@understudy/wire';
import { compilePath, describe, escapePointer, type Path, select } from '@understudy/wire/value-path';
import { sourceErrors } from './errors.ts';
import type { Mapping } from './source.ts';

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
  return { pointer, code: 'message_unmapped', detail: `${path} finds ${describe(value)}, not ${wanted}` };
}
