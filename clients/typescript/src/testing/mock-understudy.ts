import {
  type ClientOptions,
  type Decision,
  type DecisionLabel,
  type Job,
  type JobRequest,
  type LabelRequest,
  type PredictionRequest,
  UnderstudyClient,
} from '../index.ts';
import { decisionOf, jobOf, labelOf, type MockDecision, problemOf } from './mock-answers.ts';
import { listen } from './mock-listener.ts';

export interface MockRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: string;
}

export interface MockAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a string. */
  body?: unknown;
}

export interface MockFailure extends MockAnswer {
  /** Code of the problem; default by status. */
  code?: string;
  /** How often, then it answers again; default: always. */
  times?: number;
  /** `away`: the connection fails. `hang`: no answer ever comes. Instead of a status. */
  fault?: 'away' | 'hang';
}

type Answerer = (request: MockRequest) => MockAnswer | Promise<MockAnswer>;
type Decide = (item: PredictionRequest) => MockDecision | Promise<MockDecision>;

/**
 * An Understudy for the tests of an application: it decides what the test says, keeps what it was asked, and fails as
 * told. Without a network through `client()` or `fetch`; with one, in Node, through `listen()`.
 *
 * It knows predict and batch, jobs, labels, imports and health; every other route is given with {@link answer}.
 *
 * @example
 * const understudy = new MockUnderstudy().decide('comment-moderation', ({ input }) =>
 *   input.text.includes('watches') ? 'spam' : 'ok');
 * await moderate(understudy.client());
 * assert.equal(understudy.items('comment-moderation').length, 1);
 */
export class MockUnderstudy implements AsyncDisposable {
  /** Everything that it was asked, the oldest first. */
  readonly requests: MockRequest[] = [];
  /** Labels that were given to decisions. */
  readonly labels: DecisionLabel[] = [];
  readonly decisions: Decision[] = [];
  readonly #apiKey: string | undefined;
  readonly #decide = new Map<string, Decide>();
  readonly #answers = new Map<string, Answerer>();
  readonly #failures: { route: string; failure: MockFailure; left: number }[] = [];
  readonly #replays = new Map<string, { body: string; answer: MockAnswer }>();
  readonly #jobs = new Map<string, Job>();
  readonly #items: { task: string; item: PredictionRequest }[] = [];
  readonly #stops: (() => Promise<void>)[] = [];
  #count = 0;

  /** With `apiKey`, every other key is answered 401. */
  constructor({ apiKey }: { apiKey?: string } = {}) {
    this.#apiKey = apiKey;
  }

  /** There is a task of this name, and it decides so. */
  decide(task: string, decision: MockDecision | Decide): this {
    this.#decide.set(task, typeof decision === 'function' ? decision : () => decision);
    return this;
  }

  /** Answers a route, e.g. `GET /v1/tasks/spam`, that the mock does not know or knows otherwise. */
  answer(route: string, answer: MockAnswer | Answerer): this {
    this.#answers.set(route, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  /** Fails a route (`POST /v1/predict/spam`), or `*` for all of them. The one given last counts. */
  fail(route: string, failure: MockFailure): this {
    this.#failures.unshift({ route, failure, left: failure.times ?? Number.POSITIVE_INFINITY });
    return this;
  }

  /** What it was given to decide for a task, by predict, batches and jobs, in order. */
  items(task: string): PredictionRequest[] {
    return this.#items.flatMap((sent) => (sent.task === task ? [sent.item] : []));
  }

  /** A client of it, without a network and without waits between repeats. */
  client(options: Partial<ClientOptions> = {}): UnderstudyClient {
    return new UnderstudyClient({
      baseUrl: 'http://understudy.test',
      apiKey: this.#apiKey ?? 'us_mock',
      fetch: this.fetch,
      wait: async () => {},
      ...options,
    });
  }

  /** The `fetch` of a client: `new UnderstudyClient({ baseUrl, apiKey, fetch: mock.fetch })`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    return this.#respond(request, init?.signal ?? request.signal);
  };

  /** Serves on a port of this machine, in Node; the URL. Until the mock is disposed of. */
  async listen(port = 0): Promise<string> {
    const { url, stop } = await listen(port, (request) => this.#respond(request, request.signal));
    this.#stops.push(stop);
    return url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#stops.splice(0).map((stop) => stop()));
  }

  async #respond(request: Request, signal: AbortSignal): Promise<Response> {
    const url = new URL(request.url);
    const seen: MockRequest = {
      method: request.method,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body: await textOf(request),
    };
    this.requests.push(seen);
    const { status = 200, headers, body } = await this.#answer(seen, signal);
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(status === 204 ? null : (text ?? ''), {
      status,
      headers: {
        'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
        'x-request-id': `req_mock_${this.requests.length}`,
        ...headers,
      },
    });
  }

  async #answer(request: MockRequest, signal: AbortSignal): Promise<MockAnswer> {
    const route = `${request.method} ${request.path}`;
    const failing = this.#failures.find((one) => one.left > 0 && (one.route === '*' || one.route === route));
    if (failing !== undefined) {
      failing.left--;
      return this.#failed(failing.failure, signal);
    }
    if (this.#apiKey !== undefined && request.headers.get('authorization') !== `Bearer ${this.#apiKey}`) {
      return this.#problem(401, 'invalid_credentials', 'the key is not the one of the mock');
    }
    const own = this.#answers.get(route);
    if (own !== undefined) return own(request);
    const key = request.headers.get('idempotency-key');
    const scope = `${route} ${key}`;
    const before = key === null ? undefined : this.#replays.get(scope);
    if (before !== undefined) {
      return before.body === request.body
        ? { ...before.answer, headers: { ...before.answer.headers, 'idempotency-replayed': 'true' } }
        : this.#problem(422, 'idempotency_key_reused', 'the key was used with another body');
    }
    const answer = await this.#route(request, route);
    if (key !== null && (answer.status ?? 200) < 400) this.#replays.set(scope, { body: request.body, answer });
    return answer;
  }

  #failed({ fault, status = 503, code = `mock_${status}`, body, headers = {} }: MockFailure, signal: AbortSignal) {
    if (fault === 'away') throw new TypeError('fetch failed');
    if (fault === 'hang') {
      return new Promise<never>((_resolve, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
    return { ...this.#problem(status, code, 'the mock was told to fail'), headers, ...(body ? { body } : {}) };
  }

  async #route(request: MockRequest, route: string): Promise<MockAnswer> {
    const [, predicted, batch] = /^POST \/v1\/predict\/([^/]+)(\/batch)?$/.exec(route) ?? [];
    if (predicted !== undefined) {
      const body = JSON.parse(request.body) as PredictionRequest & { items: PredictionRequest[] };
      const decisions = await this.#decided(predicted, batch === undefined ? [body] : body.items);
      if (decisions === null) return this.#noTask(predicted);
      return { body: batch === undefined ? decisions[0] : { decisions } };
    }
    if (route === 'POST /v1/jobs') return this.#job(JSON.parse(request.body) as JobRequest);
    const [, job, events] = /^GET \/v1\/jobs\/([^/]+)(\/events)?$/.exec(route) ?? [];
    if (job !== undefined) {
      const found = this.#jobs.get(job);
      if (found === undefined) return this.#problem(404, 'job_not_found', `there is no job ${job}`);
      if (events === undefined) return { body: found };
      const body = `id: 1\nevent: succeeded\ndata: ${JSON.stringify(found)}\n\n`;
      return { headers: { 'content-type': 'text/event-stream' }, body };
    }
    const [, labelled] = /^POST \/v1\/decisions\/([^/]+)\/labels$/.exec(route) ?? [];
    if (labelled !== undefined) {
      const label = labelOf(this.#id('lbl'), labelled, JSON.parse(request.body) as LabelRequest);
      this.labels.push(label);
      return { status: 201, body: label };
    }
    if (/^POST \/v1\/tasks\/[^/]+\/examples$/.test(route)) {
      const accepted = rowsOf(request);
      return { body: { accepted, duplicates: 0, conflicts: 0, rejected: 0, problems: [], new_labels: [] } };
    }
    if (route === 'GET /healthz/live') return { body: { status: 'live' } };
    if (route === 'GET /healthz/ready') {
      return { body: { status: 'ready', not_ready: [], roles: ['gateway', 'worker', 'scheduler'], scheduler: null } };
    }
    return this.#problem(501, 'mock_has_no_route', `give it one: mock.answer('${route}', { body: … })`);
  }

  async #job({ task, input, items, ...rest }: JobRequest): Promise<MockAnswer> {
    const { subject, external_id, attributes } = rest;
    const single = { ...(subject ? { subject } : {}), ...(external_id ? { external_id } : {}) };
    const one = input === undefined ? [] : [{ input, ...single, ...(attributes ? { attributes } : {}) }];
    const decisions = await this.#decided(task, items ?? one);
    if (decisions === null) return this.#noTask(task);
    const job = jobOf(this.#id('job'), task, decisions, items === undefined);
    this.#jobs.set(job.id, job);
    const { decision, decisions: _, next_cursor, ...summary } = job;
    return { status: 202, headers: { location: `/v1/jobs/${job.id}` }, body: { ...summary, status: 'queued' } };
  }

  async #decided(task: string, items: readonly PredictionRequest[]): Promise<Decision[] | null> {
    const decide = this.#decide.get(task);
    if (decide === undefined) return null;
    const decisions: Decision[] = [];
    for (const item of items) {
      this.#items.push({ task, item });
      decisions.push(decisionOf(this.#id('dec'), task, item, await decide(item)));
    }
    this.decisions.push(...decisions);
    return decisions;
  }

  #noTask(task: string): MockAnswer {
    return this.#problem(404, 'task_not_found', `there is no task ${task}; the mock knows those given to decide()`);
  }

  #problem(status: number, code: string, detail: string): MockAnswer {
    return { status, body: problemOf(status, code, detail, `req_mock_${this.requests.length}`) };
  }

  #id(prefix: string): string {
    this.#count++;
    return `${prefix}_mock_${this.#count}`;
  }
}

/** Unpacked, when it came packed. */
function textOf(request: Request): Promise<string> {
  if (request.headers.get('content-encoding') !== 'gzip' || request.body === null) return request.text();
  const unpack = new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>;
  return new Response(request.body.pipeThrough(unpack) as ReadableStream<Uint8Array<ArrayBuffer>>).text();
}

/** How many examples an import has; a CSV's quoted line breaks count as rows here. */
function rowsOf({ headers, body }: MockRequest): number {
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('application/json')) return (JSON.parse(body) as { examples: unknown[] }).examples.length;
  const lines = body.split('\n').filter((line) => line.trim() !== '').length;
  return type.startsWith('text/csv') ? Math.max(0, lines - 1) : lines;
}
