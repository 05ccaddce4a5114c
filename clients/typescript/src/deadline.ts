import { ConnectionFailed, TimeLimitExceeded } from './errors.ts';

/** The time limit of one attempt joined with the caller's signal. */
export class Deadline {
  readonly #controller = new AbortController();
  #limit: number;
  readonly #caller: AbortSignal | undefined;
  readonly #onCallerAbort = () => this.#controller.abort(this.#caller?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #expired = false;
  #following = false;

  /** `limit` in milliseconds; Infinity = none. */
  constructor(limit: number, caller: AbortSignal | undefined) {
    this.#limit = limit;
    this.#caller = caller;
    if (caller?.aborted === true) this.#controller.abort(caller.reason);
    else caller?.addEventListener('abort', this.#onCallerAbort, { once: true });
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when the limit, not the caller, ended the attempt. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Counts from now: something moved. */
  restart(): void {
    clearTimeout(this.#timer);
    if (this.#limit > 2 ** 31 - 1) return;
    this.#timer = setTimeout(
      () => {
        this.#expired = true;
        this.#controller.abort(new DOMException('time limit', 'TimeoutError'));
      },
      Math.max(0, this.#limit),
    );
  }

  /** The same stream; from here on the limit is how long nothing may come. Ends its hold with the stream. */
  follow(body: ReadableStream<Uint8Array>, silenceMs: number): ReadableStream<Uint8Array> {
    this.#following = true;
    this.#limit = silenceMs;
    this.restart();
    const reader = body.getReader();
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          this.restart();
          const { done, value } = await reader.read();
          if (done) {
            this.#letGo();
            controller.close();
          } else {
            clearTimeout(this.#timer); // a reader that takes its time is not a silent server
            controller.enqueue(value);
          }
        } catch (error) {
          this.#letGo();
          controller.error(this.#caller?.aborted === true ? this.#caller.reason : this.#asFailure(error));
        }
      },
      cancel: async (reason) => {
        this.#letGo();
        await reader.cancel(reason);
      },
    });
  }

  /** Lets go of the timer and the caller's signal, unless the answer is still streaming. */
  release(): void {
    if (!this.#following) this.#letGo();
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  #asFailure(cause: unknown): unknown {
    const status = 0;
    if (this.#expired) {
      return new TimeLimitExceeded({ status, code: 'time_limit', detail: `nothing came for ${this.#limit} ms`, cause });
    }
    return new ConnectionFailed({ status, code: 'connection_failed', detail: 'the connection broke', cause });
  }
}
