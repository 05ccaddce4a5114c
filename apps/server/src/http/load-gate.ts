import type { Logger, UnderstudyError } from '@understudy/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import { httpErrors } from './errors.ts';
import { Admission, type LoadClass } from './load/admission.ts';
import { GradientLimit } from './load/gradient-limit.ts';
import { loadOf, type RouteLoad } from './load/load-class.ts';
import { type Guest, WaitingRoom } from './load/waiting-room.ts';
import { sendProblem } from './problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Its place among the requests under way; null when it needs none. */
    place: Place | null;
    /** It was turned away unread: one line a second tells of all of them. */
    shed: boolean;
  }
}

interface Place {
  since: number;
  measured: boolean;
  tenant: string | null;
  over: boolean;
}

/** What a gateway's other parts may know of how busy it is. */
export interface GatewayLoad {
  /** Requests under way that somebody waits for. */
  readonly inFlight: number;
  /** When the last one came, by performance.now(). */
  readonly lastRequestAt: number;
  /** When the last one was turned away; before the first, minus infinity. */
  readonly lastShedAt: number;
}

export interface LoadGateOptions {
  /** Requests at once that are always let in. */
  leastConcurrency: number;
  /** The workspace behind a request's credential, from memory alone; undefined when it is not known there. */
  tenantOf(request: FastifyRequest): string | undefined;
  metrics: Metrics;
  logger: Logger;
}

/** The limit grows to this many times the least. */
const MOST = 8;
const REPORT_MS = 1000;
/** How often those that wait are looked through. */
const TURN_MS = 5;
/** Turned away for so many seconds: not all for the same, or they would come back as one. */
const RETRY_SECONDS = [1, 2, 3] as const;

/**
 * Keeps a gateway answering when more is asked of it than it can do: beyond a limit that it learns from its own answer
 * times ({@link GradientLimit}), requests wait a moment for a place ({@link WaitingRoom}) and are then turned away with
 * 503 `overloaded` before anything was read, looked up or parsed; by class, and fairly between workspaces
 * ({@link Admission}). Health, version, metrics and pages always pass.
 *
 * Two hooks: `enter` comes before authentication, `charge` after it.
 */
export class LoadGate implements GatewayLoad {
  readonly #limit: GradientLimit;
  readonly #admission: Admission;
  readonly #options: LoadGateOptions;
  readonly #waiting = new WaitingRoom<WaitingRequest>();
  #turning: NodeJS.Timeout | undefined;
  readonly #overloaded: readonly UnderstudyError[];
  readonly #loads = new WeakMap<object, RouteLoad>();
  readonly #shed: Record<LoadClass, number> = { decide: 0, ordinary: 0, bulk: 0 };
  #reported = 0;
  #reportAt = 0;
  lastRequestAt = Number.NEGATIVE_INFINITY;
  lastShedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LoadGateOptions) {
    const { leastConcurrency: least, metrics } = options;
    this.#options = options;
    this.#limit = new GradientLimit({ initial: least, least, most: least * MOST });
    this.#admission = new Admission(this.#limit);
    // Made once: an error that is made anew walks the stack, which costs more than turning a request away.
    this.#overloaded = RETRY_SECONDS.map((retryAfterSeconds) =>
      httpErrors.overloaded('the server has more to do than it can keep up with', { retryAfterSeconds }),
    );
    metrics.gauge(
      'understudy_http_requests_in_flight',
      'Requests under way that somebody waits for.',
      () => this.inFlight,
    );
    metrics.gauge(
      'understudy_http_concurrency_limit',
      'Requests at once beyond which this gateway turns requests away.',
      () => this.#limit.limit,
    );
    metrics.counts(
      'understudy_http_requests_shed_total',
      'Requests turned away unread, by class.',
      'class',
      () => this.#shed,
    );
  }

  get inFlight(): number {
    return this.#admission.inFlight;
  }

  /** Turns requests away before anything is done for them. To be called before authentication is set up. */
  enter(app: FastifyInstance): void {
    app.decorateRequest('place', null);
    app.decorateRequest('shed', false);
    app.addHook('onRequest', (request, reply, done) => {
      const route = this.#loadOf(request);
      if (route === null) {
        done();
      } else if (this.#admission.enter(route.load, () => this.#options.tenantOf(request))) {
        this.#begin(request, reply, route);
        done();
      } else {
        this.#wait(new WaitingRequest(request, reply, route, done));
      }
    });
    app.addHook('onClose', (_instance, done) => {
      clearInterval(this.#turning);
      done();
    });
  }

  #begin(request: FastifyRequest, reply: FastifyReply, { load, measured }: RouteLoad): void {
    this.lastRequestAt = performance.now();
    if (load === 'bulk') return;
    const place: Place = { since: this.lastRequestAt, measured, tenant: null, over: false };
    request.place = place;
    // `close` comes after every answer, and when the client goes away before it.
    reply.raw.on('close', () => {
      place.over = true;
      const now = performance.now();
      const answered = place.measured && reply.raw.statusCode === 200 && reply.raw.writableFinished;
      if (answered) this.#limit.observe(now, now - place.since, this.#admission.inFlight);
      this.#admission.leave(place.tenant);
      if (this.#waiting.size > 0) this.#admitWaiting();
      this.#waiting.answered();
    });
  }

  #wait(guest: WaitingRequest): void {
    if (!this.#waiting.enter(guest, performance.now())) {
      this.#turnAway(guest);
      return;
    }
    this.#turning ??= setInterval(() => {
      for (const overdue of this.#waiting.overdue(performance.now())) this.#turnAway(overdue);
      if (this.#waiting.size > 0) return;
      clearInterval(this.#turning);
      this.#turning = undefined;
    }, TURN_MS);
  }

  #admitWaiting(): void {
    for (;;) {
      const guest = this.#waiting.next((load) => this.#admission.enterIfRoom(load));
      if (guest === undefined) return;
      this.#begin(guest.request, guest.reply, guest.route);
      guest.done();
    }
  }

  /** Counts each request to the workspace that authentication found. To be called after authentication is set up. */
  charge(app: FastifyInstance): void {
    app.addHook('onRequest', (request, _reply, done) => {
      const { place, principal } = request;
      if (place !== null && !place.over) {
        place.tenant = principal.workspace;
        this.#admission.charge(principal.workspace);
      }
      done();
    });
  }

  #loadOf(request: FastifyRequest): RouteLoad | null {
    const { config, url } = request.routeOptions;
    const known = this.#loads.get(config);
    if (known !== undefined) return known;
    const route = loadOf(request.method, url ?? '', config.policy);
    // What always passes is few, and asked for seldom.
    if (route !== null) this.#loads.set(config, route);
    return route;
  }

  #turnAway({ request, reply, load }: WaitingRequest): void {
    const total = ++this.#shed[load];
    const now = performance.now();
    this.lastShedAt = now;
    request.shed = true;
    sendProblem(request, reply, this.#overloaded[total % this.#overloaded.length]!);
    if (now - this.#reportAt < REPORT_MS) return;
    const all = this.#shed.decide + this.#shed.ordinary + this.#shed.bulk;
    this.#options.logger.warn(
      { shed: all - this.#reported, limit: this.#limit.limit, in_flight: this.inFlight },
      'requests are turned away: more is asked than can be answered in time',
    );
    this.#reported = all;
    this.#reportAt = now;
  }
}

class WaitingRequest implements Guest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly route: RouteLoad;
  readonly done: () => void;
  #gone = false;

  constructor(request: FastifyRequest, reply: FastifyReply, route: RouteLoad, done: () => void) {
    this.request = request;
    this.reply = reply;
    this.route = route;
    this.done = done;
    reply.raw.on('close', () => {
      this.#gone = true;
    });
  }

  get load(): LoadClass {
    return this.route.load;
  }

  get gone(): boolean {
    return this.#gone;
  }
}
