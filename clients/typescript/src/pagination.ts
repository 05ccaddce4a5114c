import { UnexpectedAnswer } from './errors.ts';
import type { CallOptions } from './transport.ts';

/** One page of a list. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export interface PageOptions extends CallOptions {
  /** Rows a page, 1…200. */
  limit?: number;
  cursor?: string;
}

/** Loads one page from a cursor. */
export type LoadPage<T> = (cursor: string | undefined) => Promise<Page<T>>;

/**
 * A list as an async iterator over all its rows, page after page; awaited, it is its first page.
 *
 * @example
 * for await (const task of client.tasks.list()) console.log(task.task);
 * const { data, next_cursor } = await client.tasks.list({ limit: 20 });
 */
export class List<T> implements AsyncIterable<T>, PromiseLike<Page<T>> {
  readonly #load: LoadPage<T>;
  readonly #start: string | undefined;

  constructor(load: LoadPage<T>, start?: string) {
    this.#load = load;
    this.#start = start;
  }

  async *pages(): AsyncGenerator<Page<T>> {
    let cursor = this.#start;
    do {
      const page = await this.#page(cursor);
      yield page;
      // A server that repeats a cursor would be read for ever.
      cursor = page.next_cursor === cursor ? undefined : (page.next_cursor ?? undefined);
    } while (cursor !== undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for await (const page of this.pages()) yield* page.data;
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point
  then<R = Page<T>, E = never>(
    fulfilled?: ((page: Page<T>) => R | PromiseLike<R>) | null,
    rejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.#page(this.#start).then(fulfilled, rejected);
  }

  async #page(cursor: string | undefined): Promise<Page<T>> {
    const page = await this.#load(cursor);
    if (Array.isArray(page.data)) return page;
    throw new UnexpectedAnswer({ status: 200, code: 'unexpected_answer', detail: 'a page has no list of rows' });
  }
}
