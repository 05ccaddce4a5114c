import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.ts';
import type { Case, Step } from './case.ts';
import { problemsOf, type SeenRequest } from './expectation.ts';

/** Whether the requests of a case came as it says. */
export interface Verdict {
  id: string;
  ok: boolean;
  problems: string[];
  /** How many came. */
  requests: number;
}

interface Replay {
  case: Case;
  /** Steps that nothing has asked for yet. */
  open: Step[];
  seen: SeenRequest[];
  problems: string[];
  firstAt: number;
  lastAt: number;
}

/**
 * Replays one case at a time to a client of any language. `POST /__case/<id>` begins a case and answers it,
 * `GET /__verdict` says whether its requests came as expected, `GET /__cases` names all cases.
 */
export class ConformanceServer implements AsyncDisposable {
  readonly #cases: ReadonlyMap<string, Case>;
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      this.#replay?.problems.push(`the server failed: ${String(error)}`);
      response.destroy();
    });
  });
  #replay: Replay | undefined;
  #hanging: ServerResponse[] = [];

  constructor(cases: Iterable<Case>) {
    this.#cases = new Map([...cases].map((one) => [one.id, one]));
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forgets what was replayed and begins this case; undefined when there is none of that name. */
  begin(id: string): Case | undefined {
    const found = this.#cases.get(id);
    for (const response of this.#hanging.splice(0)) response.destroy();
    this.#replay =
      found === undefined
        ? undefined
        : { case: found, open: [...(found.exchange ?? [])], seen: [], problems: [], firstAt: 0, lastAt: 0 };
    return found;
  }

  /** Of the case begun last. */
  verdict(): Verdict {
    const replay = this.#replay;
    if (replay === undefined) return { id: '', ok: false, problems: ['no case was begun'], requests: 0 };
    const problems = [...replay.problems];
    const wanted = replay.case.requests ?? replay.case.exchange?.length ?? 0;
    if (replay.seen.length !== wanted) problems.push(`${replay.seen.length} requests came, expected ${wanted}`);
    const elapsed = replay.lastAt - replay.firstAt;
    const least = replay.case.min_elapsed_ms ?? 0;
    if (elapsed < least) {
      problems.push(`the last request came ${Math.round(elapsed)} ms after the first, not ${least} ms`);
    }
    return { id: replay.case.id, ok: problems.length === 0, problems, requests: replay.seen.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local');
    if (url.pathname.startsWith('/__')) {
      request.resume();
      this.#control(request.method ?? '', url.pathname, response);
      return;
    }
    const replay = this.#replay;
    if (replay === undefined) {
      refuse(response, ['no case was begun: POST /__case/<id> first']);
      return;
    }
    const at = performance.now();
    if (replay.seen.length === 0) replay.firstAt = at;
    replay.lastAt = at;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away in the middle of its request
    }
    this.#hanging.push(response);
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    const { step, problems } = next(replay, seen);
    replay.seen.push(seen);
    if (step === undefined) {
      replay.problems.push(...problems);
      refuse(response, problems);
      return;
    }
    await answer(response, step.answer);
  }

  #control(method: string, path: string, response: ServerResponse): void {
    const id = decodeURIComponent(path.slice('/__case/'.length));
    if (method === 'POST' && path.startsWith('/__case/')) {
      const found = this.begin(id);
      send(response, found === undefined ? 404 : 200, found ?? { detail: `there is no case ${id}` });
    } else if (method === 'GET' && path === '/__verdict') send(response, 200, this.verdict());
    else if (method === 'GET' && path === '/__cases') send(response, 200, { cases: [...this.#cases.keys()] });
    else send(response, 404, { detail: 'POST /__case/<id>, GET /__verdict, GET /__cases' });
  }
}

/** The step that this request asks for, or why there is none. */
function next(replay: Replay, seen: SeenRequest): { step?: Step; problems: string[] } {
  const where = `request ${replay.seen.length}`;
  const [first] = replay.open;
  if (first === undefined) return { problems: [`${where}: ${seen.method} ${seen.path} is one too many`] };
  const candidates = replay.case.order === 'any' ? replay.open : [first];
  const wrong: string[][] = [];
  for (const step of candidates) {
    const problems = [...problemsOf(seen, step.expect, replay.seen), ...credentialProblems(replay.case, seen)];
    if (problems.length === 0) {
      replay.open.splice(replay.open.indexOf(step), 1);
      return { step, problems };
    }
    wrong.push(problems);
  }
  if (replay.case.order !== 'any') replay.open.shift();
  const nearest = wrong.reduce((best, problems) => (problems.length < best.length ? problems : best));
  return { problems: nearest.map((problem) => `${where}: ${problem}`) };
}

/** What holds for every request: the key is sent, and the client says who it is. */
function credentialProblems({ client }: Case, { headers }: SeenRequest): string[] {
  const key = client?.api_key === undefined ? 'us_conformance' : client.api_key;
  const wanted = key === null ? undefined : `Bearer ${key}`;
  return [
    ...(headers.authorization === wanted ? [] : [`authorization is not ${wanted ?? 'absent'}`]),
    ...(/\bunderstudy-[a-z]+\/\d/.test(String(headers['user-agent'])) ? [] : ['user-agent is not understudy-…/1.2.3']),
  ];
}

/** A status that no client repeats, so that a mistake ends the case at once. */
function refuse(response: ServerResponse, problems: string[]): void {
  const problem = {
    type: 'about:blank',
    title: 'Not what the case expects',
    status: 400,
    code: 'conformance_failed',
    detail: problems.join('; '),
    request_id: 'req_conformance',
  };
  send(response, 400, problem, 'application/problem+json');
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
