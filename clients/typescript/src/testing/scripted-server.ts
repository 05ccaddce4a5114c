import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it, its body read to the end. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a string. */
  body?: unknown;
}

/**
 * How one route answers: a value, or a function of the request and of how often the route was asked before. A
 * function that returns nothing has answered on the raw response itself; with `raw` the body is not read for it.
 */
export type Script =
  | ScriptedAnswer
  | ((
      request: SeenRequest,
      count: number,
      response: ServerResponse,
    ) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>)
  | { raw(request: IncomingMessage, response: ServerResponse, count: number): void };

/** A local HTTP server that answers by script and remembers what it was asked. Dispose of it with `await using`. */
export class ScriptedServer implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  readonly #scripts: Record<string, Script>;
  readonly #counts = new Map<string, number>();
  #server: Server | undefined;

  /** Keys are `METHOD /path`, without the query. */
  constructor(scripts: Record<string, Script>) {
    this.#scripts = scripts;
  }

  /** Node only, and Node's server is loaded only here: the rest of this package loads in browsers too. */
  async start(): Promise<this> {
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('start() it first');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  requests(key: string): SeenRequest[] {
    return this.seen.filter(({ method, path }) => `${method} ${path}` === key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    await new Promise<void>((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://local');
    const key = `${request.method} ${decodeURIComponent(url.pathname)}`;
    const script = this.#scripts[key];
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    if (script !== undefined && 'raw' in script) {
      script.raw(request, response, count);
      return;
    }
    void this.#answer(request, response, url, script, count);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    script: Exclude<Script, { raw: unknown }> | undefined,
    count: number,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away
    }
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.seen.push(seen);
    const answer =
      script === undefined
        ? problem(404, 'not_found', `no route ${seen.method} ${seen.path}`)
        : typeof script === 'function'
          ? await script(seen, count, response)
          : script;
    if (answer === undefined) return;
    const { status = 200, headers = {}, body } = answer;
    response.writeHead(status, {
      'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
      'x-request-id': 'req_scripted',
      ...headers,
    });
    response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  }
}

/** A problem as the real server sends it. */
export function problem(
  status: number,
  code: string,
  detail: string,
  more: { headers?: Record<string, string>; errors?: unknown[] } = {},
): ScriptedAnswer {
  return {
    status,
    headers: more.headers ?? {},
    body: {
      type: `urn:understudy:error:${code}`,
      title: code,
      status,
      detail,
      code,
      request_id: 'req_scripted',
      ...(more.errors === undefined ? {} : { errors: more.errors }),
    },
  };
}
