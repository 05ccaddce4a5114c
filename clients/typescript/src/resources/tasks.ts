import type { Task, TaskDefinition } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, Transport } from '../transport.ts';

export interface PutTaskOptions extends CallOptions {
  /** Only when the task is as this ETag says; else {@link StaleVersion}. */
  ifMatch?: string;
  /** Only when the task does not exist; else {@link StaleVersion}. */
  createOnly?: boolean;
}

const pathOf = (task: string) => `/v1/tasks/${encodeURIComponent(task)}`;

export class Tasks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates or replaces. */
  put(task: string, definition: TaskDefinition, options: PutTaskOptions = {}): Promise<Task> {
    const headers: Record<string, string> = {
      ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
      ...(options.createOnly === true ? { 'if-none-match': '*' } : {}),
    };
    return this.#transport.json({ ...options, method: 'PUT', path: pathOf(task), json: definition, headers });
  }

  get(task: string, options: CallOptions = {}): Promise<Task> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(task) });
  }

  /** The task and its ETag, for an edit that must not overwrite somebody else's: see {@link PutTaskOptions.ifMatch}. */
  async getWithEtag(task: string, options: CallOptions = {}): Promise<{ task: Task; etag: string }> {
    const call = { ...options, method: 'GET', path: pathOf(task) } as const;
    const { body, etag } = await this.#transport.jsonWithEtag<Task>(call);
    return { task: body, etag };
  }

  list(options: PageOptions = {}): List<Task> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/tasks', query: { limit, cursor } }),
      start,
    );
  }

  /** Its decisions stay. */
  delete(task: string, options: CallOptions & { ifMatch?: string } = {}): Promise<void> {
    const headers: Record<string, string> = options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch };
    return this.#transport.json({ ...options, method: 'DELETE', path: pathOf(task), headers });
  }
}
