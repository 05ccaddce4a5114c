import type { FastifyBaseLogger } from 'fastify';

type Write = FastifyBaseLogger['info'];

/**
 * A request's logger that is made when its first line is written: most requests write none, and binding an id for each
 * costs more than authenticating it.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Record<string, unknown>;
  #made: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: Record<string, unknown>) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  #logger(): FastifyBaseLogger {
    this.#made ??= this.#parent.child(this.#bindings);
    return this.#made;
  }

  get level(): string {
    return this.#parent.level;
  }

  set level(level: string) {
    this.#logger().level = level;
  }

  readonly fatal = ((...line: Parameters<Write>) => this.#logger().fatal(...line)) as Write;
  readonly error = ((...line: Parameters<Write>) => this.#logger().error(...line)) as Write;
  readonly warn = ((...line: Parameters<Write>) => this.#logger().warn(...line)) as Write;
  readonly info = ((...line: Parameters<Write>) => this.#logger().info(...line)) as Write;
  readonly debug = ((...line: Parameters<Write>) => this.#logger().debug(...line)) as Write;
  readonly trace = ((...line: Parameters<Write>) => this.#logger().trace(...line)) as Write;
  readonly silent = ((): void => {}) as Write;

  child(...options: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger().child(...options);
  }
}
