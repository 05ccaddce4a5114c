import type { Source, SourceRequest } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, Transport } from '../transport.ts';

export interface PutSourceOptions extends CallOptions {
  /** Only when the source is as this ETag says; else {@link StaleVersion}. */
  ifMatch?: string;
  /** Only when the source does not exist; else {@link StaleVersion}. */
  createOnly?: boolean;
}

const pathOf = (source: string) => `/v1/sources/${encodeURIComponent(source)}`;

/** Items taken from the application's own broker, or from `events.send`. */
export class Sources {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates or replaces; every worker goes by it within two seconds. */
  put(source: string, definition: SourceRequest, options: PutSourceOptions = {}): Promise<Source> {
    const headers: Record<string, string> = {
      ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
      ...(options.createOnly === true ? { 'if-none-match': '*' } : {}),
    };
    return this.#transport.json({ ...options, method: 'PUT', path: pathOf(source), json: definition, headers });
  }

  /** With its state, its lag, what it has done, and why it fails if it does. */
  get(source: string, options: CallOptions = {}): Promise<Source> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(source) });
  }

  /** The source and its ETag, for an edit that must not overwrite somebody else's. */
  async getWithEtag(source: string, options: CallOptions = {}): Promise<{ source: Source; etag: string }> {
    const call = { ...options, method: 'GET', path: pathOf(source) } as const;
    const { body, etag } = await this.#transport.jsonWithEtag<Source>(call);
    return { source: body, etag };
  }

  list(options: PageOptions = {}): List<Source> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/sources', query: { limit, cursor } }),
      start,
    );
  }

  /** What waits in the broker stays there. */
  delete(source: string, options: CallOptions & { ifMatch?: string } = {}): Promise<void> {
    const headers: Record<string, string> = options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch };
    return this.#transport.json({ ...options, method: 'DELETE', path: pathOf(source), headers });
  }

  pause(source: string, options: CallOptions = {}): Promise<Source> {
    return this.#transport.json({ ...options, method: 'POST', path: `${pathOf(source)}/pause` });
  }

  resume(source: string, options: CallOptions = {}): Promise<Source> {
    return this.#transport.json({ ...options, method: 'POST', path: `${pathOf(source)}/resume` });
  }
}
