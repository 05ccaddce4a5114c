import type { FieldProblem } from '@understudy/kernel';
import { compilePath, describe, escapePointer, type Path, select } from '@understudy/wire/value-path';

/**
 * JSON with places to fill in. In a string, `{{$.path}}` stands for a value: alone in the string for the value as it
 * is, else for its text. That is all a template can do: no conditions, no loops, no code.
 */
export interface Template {
  /**
   * What of the caller's own request does not fit the template, before anything is decided: only single values of at
   * most {@link MOST_ECHO} characters are repeated. Returns the characters that the answer will have, about.
   */
  check(roots: { request: unknown; item: unknown }, problems: FieldProblem[]): number;
  /** A path that finds nothing becomes null, or no text. */
  render(root: unknown): unknown;
}

type Node = (root: unknown) => unknown;

const PLACE = /\{\{([^{}]*)\}\}/g;
const MOST_PATH = 500;
const MOST_CHARACTERS = 16_384;
const MOST_PLACES = 100;
const MOST_DEPTH = 20;
export const MOST_ECHO = 2000;

/** Fields that a place may begin with, each with those behind it; null = any. */
export type Facts = Readonly<Record<string, readonly string[] | null>>;

/** The facts of one decision: those of `POST /v1/predict/{task}`, and a few that make templates short. */
export const decisionFacts: Facts = {
  id: [],
  task: [],
  outcome: [],
  label: [],
  value: [],
  confidence: [],
  threshold: [],
  automation: [],
  suggestion: ['label', 'value', 'confidence'],
  review: ['item', 'reason'],
  candidates: null,
  scores: null,
  decided_by: ['rung', 'model', 'version'],
  external_id: [],
  created_at: [],
  cost: ['amount', 'currency'],
  request: null,
  item: null,
};

/** The facts of an answer to many items. */
export const envelopeFacts: Facts = { answers: [], count: [], request: null };

/** Makes a template ready; what is wrong with it is added to `problems`. `pointer` is where it stands. */
export function compileTemplate(template: unknown, facts: Facts, pointer: string, problems: FieldProblem[]): Template {
  const size = JSON.stringify(template)?.length ?? 0;
  const places: Path[] = [];
  const wrong = (at: string, detail: string) => problems.push({ pointer: at, code: 'predict_route_invalid', detail });
  if (size > MOST_CHARACTERS) wrong(pointer, `the template has ${size} characters; ${MOST_CHARACTERS} are allowed`);
  const node = size > MOST_CHARACTERS ? () => null : compile(template, pointer, 0);
  if (places.length > MOST_PLACES) wrong(pointer, `has ${places.length} places; ${MOST_PLACES} are allowed`);

  function place(between: string, at: string): Path {
    const text = between.trim();
    const path = text.length > MOST_PATH ? `a path has at most ${MOST_PATH} characters` : compilePath(text);
    if (typeof path === 'string') {
      wrong(at, `{{${text.slice(0, MOST_PATH)}}}: ${path}`);
      return [];
    }
    const [fact, next] = path;
    const behind = typeof fact === 'string' && Object.hasOwn(facts, fact) ? facts[fact] : undefined;
    if (behind === undefined) {
      wrong(at, `{{${text}}} names no fact; there are ${Object.keys(facts).join(', ')}`);
    } else if (behind !== null && path.length > 1 && (path.length > 2 || !behind.includes(String(next)))) {
      const there = behind.length === 0 ? 'nothing behind it' : behind.join(', ');
      wrong(at, `{{${text}}}: of ${fact} there is ${there}`);
    } else {
      places.push(path);
    }
    return path;
  }

  function compileText(text: string, at: string): Node {
    const found = [...text.matchAll(PLACE)];
    const rest = text.replaceAll(PLACE, '');
    if (rest.includes('{{') || rest.includes('}}')) wrong(at, '`{{` and `}}` stand around a path, and nowhere else');
    const [only] = found;
    if (only === undefined) return () => text;
    if (only[0] === text) {
      const path = place(only[1]!, at);
      return (root) => select(path, root) ?? null;
    }
    const parts: (string | Path)[] = [];
    let from = 0;
    for (const match of found) {
      parts.push(text.slice(from, match.index), place(match[1]!, at));
      from = match.index + match[0].length;
    }
    parts.push(text.slice(from));
    return (root) => parts.map((part) => (typeof part === 'string' ? part : textOf(select(part, root)))).join('');
  }

  function compile(value: unknown, at: string, depth: number): Node {
    if (depth > MOST_DEPTH) {
      wrong(at, `the template is more than ${MOST_DEPTH} levels deep`);
      return () => null;
    }
    if (typeof value === 'string') return compileText(value, at);
    if (typeof value !== 'object' || value === null) return () => value;
    if (Array.isArray(value)) {
      const nodes = value.map((one, index) => compile(one, `${at}/${index}`, depth + 1));
      return (root) => nodes.map((one) => one(root));
    }
    const fields = Object.entries(value).map(
      ([name, one]) => [name, compile(one, `${at}/${escapePointer(name)}`, depth + 1)] as const,
    );
    return (root) => Object.fromEntries(fields.map(([name, one]) => [name, one(root)]));
  }

  return {
    check(roots, found) {
      let characters = size;
      for (const [fact, ...path] of places) {
        if (fact !== 'request' && fact !== 'item') continue;
        const value = select(path, roots[fact]);
        if (typeof value === 'object' && value !== null) {
          found.push(unmapped(fact, path, `finds ${describe(value)}, which an answer does not repeat`));
        } else if (typeof value === 'string') {
          characters += value.length;
          if (value.length > MOST_ECHO) {
            found.push(unmapped(fact, path, `finds ${describe(value)}; ${MOST_ECHO} are repeated at most`));
          }
        }
      }
      return characters;
    },
    render: node,
  };
}

function unmapped(fact: string, path: Path, detail: string): FieldProblem {
  const pointer = `/${[...(fact === 'item' ? ['item'] : []), ...path.map((step) => escapePointer(String(step)))].join('/')}`;
  return { pointer, code: 'request_unmapped', detail };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
