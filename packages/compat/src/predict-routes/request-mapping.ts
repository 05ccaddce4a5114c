import type { FieldProblem } from '@understudy/kernel';
import type { PredictionRequest } from '@understudy/wire';
import { compilePath, describe, escapePointer, type Path, select } from '@understudy/wire/value-path';
import { compatErrors } from '../errors.ts';
import type { PredictRouteDefinition } from './predict-route.ts';

/** One item of somebody's request. */
export interface MappedItem {
  /** What the paths began at: the request, or the element of its array. */
  root: unknown;
  request: PredictionRequest;
}

/** How a request is read, ready to be used. */
export interface RequestMapping {
  /** @throws `request_unmapped` with every place */
  map(body: unknown): MappedItem[];
}

const MOST_TEXT = 500;
const MOST_ATTRIBUTE = 2000;
const MOST_ITEMS = 1000;

/** Makes the paths of a route ready; what is wrong with them is added to `problems`. */
export function compileMapping(request: PredictRouteDefinition['request'], problems: FieldProblem[]): RequestMapping {
  const compiled = (pointer: string, text: string): Path => {
    const path = compilePath(text);
    if (typeof path !== 'string') return path;
    problems.push({ pointer: `/request${pointer}`, code: 'predict_route_invalid', detail: path });
    return [];
  };
  const optional = (pointer: string, text: string | undefined) => (text === undefined ? null : compiled(pointer, text));
  const text = compiled('/text', request.text);
  const items = optional('/items', request.items);
  const externalId = optional('/external_id', request.external_id);
  const subject = optional('/subject', request.subject);
  const attributes = Object.entries(request.attributes ?? {}).map(
    ([name, path]) => [name, compiled(`/attributes/${escapePointer(name)}`, path), path] as const,
  );

  function mapOne(root: unknown, at: string, wrong: FieldProblem[]): MappedItem {
    const missing = (field: string, path: string, wanted: string, value: unknown) =>
      wrong.push({
        pointer: `${at}/${field}`,
        code: 'request_unmapped',
        detail: `${path} finds ${describe(value)}, not ${wanted}`,
      });
    const item: PredictionRequest = { input: { text: '' } };
    const found = select(text, root);
    if (typeof found === 'string') item.input.text = found;
    else missing('text', request.text, 'a string', found);
    const name = (field: 'external_id' | 'subject', path: Path | null) => {
      if (path === null) return;
      const value = select(path, root);
      if (value === undefined || value === null) return; // an item that has none
      const made = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
      if (typeof made === 'string' && made.length >= 1 && made.length <= MOST_TEXT) item[field] = made;
      else missing(field, request[field]!, `1…${MOST_TEXT} characters or a number`, value);
    };
    name('external_id', externalId);
    name('subject', subject);
    const facts: Record<string, string | number | boolean | null> = {};
    for (const [attribute, path, source] of attributes) {
      const value = select(path, root);
      if (value === undefined) continue; // a fact that this item lacks
      if (isFact(value)) facts[attribute] = value;
      else {
        const wanted = `a string of at most ${MOST_ATTRIBUTE} characters, a number, a boolean or null`;
        missing(`attributes/${escapePointer(attribute)}`, source, wanted, value);
      }
    }
    if (Object.keys(facts).length > 0) item.attributes = facts;
    return { root, request: item };
  }

  return {
    map(body) {
      const wrong: FieldProblem[] = [];
      let mapped: MappedItem[] = [];
      if (items === null) mapped = [mapOne(body, '', wrong)];
      else {
        const found = select(items, body);
        if (!Array.isArray(found) || found.length === 0 || found.length > MOST_ITEMS) {
          const detail = `${request.items} finds ${describe(found)}, not an array of 1…${MOST_ITEMS}`;
          wrong.push({ pointer: '/items', code: 'request_unmapped', detail });
        } else mapped = found.map((one, index) => mapOne(one, `/items/${index}`, wrong));
      }
      if (wrong.length > 0) throw unmapped(wrong);
      return mapped;
    },
  };
}

/** The error of a request that does not fit. */
export function unmapped(problems: FieldProblem[]) {
  const words = problems.slice(0, 5).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  const more = problems.length > words.length ? `; and ${problems.length - words.length} more` : '';
  return compatErrors.request_unmapped(`${words.join('; ')}${more}`, { problems: problems.slice(0, 1000) });
}

function isFact(value: unknown): value is string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return true;
  return typeof value === 'string' ? value.length <= MOST_ATTRIBUTE : typeof value === 'number';
}
