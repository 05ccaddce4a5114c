import { readdirSync, readFileSync } from 'node:fs';

/** Where the cases and the contract lie. */
export const CONTRACTS = new URL('../../../contracts/', import.meta.url);

export interface Topic {
  topic: string;
  about: string;
  cases: Case[];
}

/** How a client is made for a case; what is absent is the runner's default (`contracts/conformance/README.md`). */
export interface ClientSettings {
  /** Absent = the scripted server. */
  base_url?: string;
  /** Absent = `us_conformance`; null = none. */
  api_key?: string | null;
  max_retries?: number;
  timeout_ms?: number;
  total_timeout_ms?: number;
}

export type HeaderRule =
  | string
  | { matches: string }
  | { absent: true }
  /** The value that this header had in the request of that index. */
  | { same_as: number }
  | { differs_from: number };

export interface ExpectedRequest {
  method: string;
  /** Percent-encoded where a segment needs it; compared segment by segment, decoded. */
  path: string;
  /** All of it; absent = there is none. */
  query?: Record<string, string>;
  headers?: Record<string, HeaderRule>;
  /** The body as JSON, equal in every member. */
  json?: unknown;
  /** The body as JSON, one value a line. */
  json_lines?: unknown[];
  /** The body, unpacked when it came as gzip. */
  text?: string;
  /** There is no body. */
  empty?: true;
}

export interface Answer {
  /** Default 200. */
  status?: number;
  /** An object = that many seconds from now, as an HTTP date. */
  headers?: Record<string, string | { date_in_seconds: number }>;
  json?: unknown;
  /** Text, or pieces of it that are sent one by one. */
  body?: string | string[];
  /** Before the first byte. */
  delay_ms?: number;
  /**
   * `reset`: the connection breaks before an answer. `hang`: none comes. `half_body`: it breaks in the middle of the
   * body. `stall`: the second half never comes. `broken_stream`: it breaks behind the last piece. `html`: a proxy's page.
   */
  fault?: 'reset' | 'hang' | 'half_body' | 'stall' | 'broken_stream' | 'html';
}

export interface Step {
  expect: ExpectedRequest;
  answer: Answer;
}

export interface ExpectedError {
  class: string;
  status?: number;
  code?: string;
  detail?: string;
  request_id?: string;
  retry_after?: number;
  errors?: unknown[];
}

export type Result = { json: unknown } | { error: ExpectedError };

/** What a verifier of webhooks is given. */
export interface Webhook {
  secrets: string[];
  headers: Record<string, string>;
  /** UTF-8 text, or bytes in base64. */
  body?: string;
  body_base64?: string;
  /** Unix seconds. */
  now: number;
  tolerance_seconds?: number;
}

export interface Case {
  /** `<topic>/<name>` */
  id: string;
  about: string;
  client?: ClientSettings;
  call?: {
    method: string;
    arguments: Record<string, unknown>;
    /** What to do with what comes back. Default `value`. */
    consume?: 'value' | 'page' | 'items' | 'text' | 'events';
    /** With `items` and `events`: leave the loop behind this many. */
    take?: number;
  };
  /** Instead of `call`: no server is asked. */
  webhook?: Webhook;
  /** `any`: requests may come in any order, and at the same time. */
  order?: 'any';
  exchange?: Step[];
  result: Result;
  /** Default: as many as `exchange` has. */
  requests?: number;
  /** Between the first request and the last. */
  min_elapsed_ms?: number;
}

/** Every topic of `contracts/conformance`, by name. */
export function loadTopics(folder = new URL('conformance/', CONTRACTS)): Topic[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'schema.json' && name !== 'methods.json')
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Topic);
}
