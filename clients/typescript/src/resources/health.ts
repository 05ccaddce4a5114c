import { UnderstudyError } from '../errors.ts';
import type { Operations } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

export type Readiness = Operations['GET /healthz/ready']['response'];
export type ServerVersion = Operations['GET /version']['response'];

/** Needs no key. */
export class Health {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Resolves when the process answers at all. */
  async live(options: CallOptions = {}): Promise<void> {
    await this.#transport.send(
      { maxRetries: 0, ...options, method: 'GET', path: '/healthz/live', accept: '*/*' },
      (response) => response.text(),
    );
  }

  /** What is ready and what is not; a 503 is an answer here, not an error. */
  async ready(options: CallOptions = {}): Promise<{ ready: boolean; details: Readiness }> {
    try {
      const details = await this.#transport.json<Readiness>({
        maxRetries: 0,
        ...options,
        method: 'GET',
        path: '/healthz/ready',
      });
      return { ready: true, details };
    } catch (error) {
      if (error instanceof UnderstudyError && error.status === 503) {
        const unknown: Readiness = { status: 'not_ready', not_ready: [], roles: [], scheduler: null };
        return { ready: false, details: { ...unknown, ...error.problem } as Readiness };
      }
      throw error;
    }
  }

  /** What Prometheus reads: the text exposition format. */
  metrics(options: CallOptions = {}): Promise<string> {
    return this.#transport.send({ ...options, method: 'GET', path: '/metrics', accept: 'text/plain' }, (response) =>
      response.text(),
    );
  }

  /** The API of this server as an OpenAPI 3.1 document. */
  openapi(options: CallOptions = {}): Promise<Record<string, unknown>> {
    return this.#transport.json({ ...options, method: 'GET', path: '/openapi.json' });
  }

  version(options: CallOptions = {}): Promise<ServerVersion> {
    return this.#transport.json({ ...options, method: 'GET', path: '/version' });
  }
}
