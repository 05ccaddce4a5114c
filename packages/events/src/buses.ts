import { type Logger, silentLogger } from '@understudy/kernel';
import { eventErrors } from './errors.ts';
import type { EventBus } from './event-bus.ts';

/** A message system that the operator named. */
export interface BusDefinition {
  name: string;
  /** `kafka`, `amqp`, `sqs`, `postgres`. */
  system: string;
  /** Where it is, for people: without user, password or query. */
  address: string;
  /** Loads the driver and makes the bus; opens no connection that has to succeed. */
  open(): Promise<EventBus>;
}

/** What `doctor` and the metrics are told of a bus. */
export interface BusState {
  name: string;
  system: string;
  address: string;
  /** `unused`: nothing has asked for it in this process yet, and it was not asked whether it is there. */
  state: 'up' | 'down' | 'unused';
  /** Why it is down, without secrets; null otherwise. */
  problem: string | null;
}

/**
 * The operator's message systems by name. A bus is opened when somebody first needs it; one that nobody uses costs
 * nothing, and one that is away keeps nothing from starting.
 */
export class Buses {
  readonly #definitions: ReadonlyMap<string, BusDefinition>;
  readonly #logger: Logger;
  readonly #open = new Map<string, Promise<EventBus>>();
  #closed = false;

  constructor(definitions: readonly BusDefinition[], logger: Logger = silentLogger) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.#logger = logger.child({ component: 'buses' });
  }

  get names(): string[] {
    return [...this.#definitions.keys()];
  }

  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** @throws `bus_not_configured`, and `bus_unavailable` when its driver cannot be loaded or the buses are closed. */
  async get(name: string): Promise<EventBus> {
    const definition = this.#definitions.get(name);
    if (definition === undefined) {
      throw eventErrors.bus_not_configured(
        `There is no message system ${JSON.stringify(name.slice(0, 40))}; the operator's are ${this.names.join(', ')}.`,
      );
    }
    if (this.#closed) throw eventErrors.bus_unavailable('the server is stopping');
    let opening = this.#open.get(name);
    if (opening === undefined) {
      opening = definition.open();
      this.#open.set(name, opening);
      // A driver that could not be loaded is tried again next time.
      opening.catch((error: unknown) => {
        this.#open.delete(name);
        this.#logger.error({ err: error, bus: name }, 'a message system could not be opened');
      });
    }
    return opening;
  }

  /** Asks the buses how they are, each for two seconds at most; with `all` also those that nobody has used yet. */
  async states(options: { all?: boolean } = {}): Promise<BusState[]> {
    const asked = [...this.#definitions.values()];
    // Loading a driver keeps the process busy: it must not count against those that are asked meanwhile.
    if (options.all === true) await Promise.allSettled(asked.map(({ name }) => this.get(name)));
    return Promise.all(
      asked.map(async ({ name, system, address }) => {
        if (options.all !== true && !this.#open.has(name)) {
          return { name, system, address, state: 'unused' as const, problem: null };
        }
        try {
          await (await this.get(name)).ping();
          return { name, system, address, state: 'up' as const, problem: null };
        } catch (error) {
          const problem = error instanceof Error ? error.message : String(error);
          return { name, system, address, state: 'down' as const, problem };
        }
      }),
    );
  }

  /** Closes what was opened. What fails to close is logged and left. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#open].map(async ([name, opening]) => {
        try {
          await (await opening).close();
        } catch (error) {
          this.#logger.warn({ err: error, bus: name }, 'a message system was not closed cleanly');
        }
      }),
    );
  }
}
