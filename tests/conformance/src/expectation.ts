import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { ExpectedRequest, HeaderRule } from './case.ts';

/** A request as it came, its body read to the end. */
export interface SeenRequest {
  method: string;
  /** As sent, percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** What is wrong with a request; empty = it is as expected. `before` are the requests that came earlier. */
export function problemsOf(seen: SeenRequest, expected: ExpectedRequest, before: readonly SeenRequest[]): string[] {
  const problems: string[] = [];
  if (seen.method !== expected.method) problems.push(`method ${seen.method}, expected ${expected.method}`);
  if (!isDeepStrictEqual(segments(seen.path), segments(expected.path))) {
    problems.push(`path ${seen.path}, expected ${expected.path}`);
  }
  const query = pairs(seen.query);
  const wanted = pairs(new URLSearchParams(expected.query ?? {}));
  if (!isDeepStrictEqual(query, wanted)) problems.push(`query ${show(query)}, expected ${show(wanted)}`);
  for (const [name, rule] of Object.entries(expected.headers ?? {})) {
    const problem = headerProblem(name.toLowerCase(), rule, seen, before);
    if (problem !== undefined) problems.push(problem);
  }
  return [...problems, ...bodyProblems(seen, expected)];
}

function headerProblem(
  name: string,
  rule: HeaderRule,
  seen: SeenRequest,
  before: readonly SeenRequest[],
): string | undefined {
  const value = seen.headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  if (typeof rule === 'object' && 'absent' in rule) {
    return text === undefined ? undefined : `header ${name} is ${show(text)}, expected none`;
  }
  if (text === undefined) return `header ${name} is missing`;
  if (typeof rule === 'string') return text === rule ? undefined : `header ${name} is ${show(text)}, not ${show(rule)}`;
  if ('matches' in rule) {
    return new RegExp(rule.matches).test(text) ? undefined : `header ${name} is ${show(text)}, not /${rule.matches}/`;
  }
  const index = 'same_as' in rule ? rule.same_as : rule.differs_from;
  const earlier = before[index]?.headers[name];
  if ('same_as' in rule && text !== earlier) {
    return `header ${name} is ${show(text)}, in request ${index} it was ${show(earlier)}`;
  }
  if ('differs_from' in rule && text === earlier) return `header ${name} is ${show(text)} as in request ${index}`;
  return undefined;
}

function bodyProblems(seen: SeenRequest, expected: ExpectedRequest): string[] {
  if (expected.empty === true) return seen.body.length === 0 ? [] : [`a body of ${seen.body.length} bytes, not none`];
  let text: string;
  try {
    text = (seen.headers['content-encoding'] === 'gzip' ? gunzipSync(seen.body) : seen.body).toString('utf8');
  } catch {
    return ['the body is not the gzip that content-encoding promises'];
  }
  if (expected.text !== undefined) {
    return text === expected.text ? [] : [`body ${show(text)}, expected ${show(expected.text)}`];
  }
  try {
    if (expected.json !== undefined) return different(JSON.parse(text), expected.json);
    if (expected.json_lines !== undefined) {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      return different(
        lines.map((line) => JSON.parse(line) as unknown),
        expected.json_lines,
      );
    }
  } catch {
    return [`the body is not JSON: ${show(text)}`];
  }
  return [];
}

const different = (seen: unknown, expected: unknown): string[] =>
  isDeepStrictEqual(seen, expected) ? [] : [`body ${show(seen)}, expected ${show(expected)}`];

function segments(path: string): string[] {
  return path.split('/').map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  });
}

const pairs = (query: URLSearchParams): [string, string][] =>
  [...query].sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1));

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 600 ? text : `${text.slice(0, 600)}…`;
};
