import type { Me } from './generated/api.ts';
import { AuditLog } from './resources/audit-log.ts';
import { Backups } from './resources/backups.ts';
import { Certification } from './resources/certification.ts';
import { Datasets } from './resources/datasets.ts';
import { DeadLetters } from './resources/dead-letters.ts';
import { Decisions } from './resources/decisions.ts';
import { Events } from './resources/events.ts';
import { Examples } from './resources/examples.ts';
import { Health } from './resources/health.ts';
import { Jobs } from './resources/jobs.ts';
import { Keys } from './resources/keys.ts';
import { Ledger } from './resources/ledger.ts';
import { Members } from './resources/members.ts';
import { Models } from './resources/models.ts';
import { Alerts, Quality } from './resources/monitoring.ts';
import { OpenAiSettings } from './resources/openai-settings.ts';
import { PredictRoutes } from './resources/predict-routes.ts';
import { Predictions } from './resources/predictions.ts';
import { Replays } from './resources/replays.ts';
import { Retraining } from './resources/retraining.ts';
import { Review } from './resources/review.ts';
import { Session } from './resources/session.ts';
import { Sources } from './resources/sources.ts';
import { Tasks } from './resources/tasks.ts';
import { Trails } from './resources/trails.ts';
import { TrainingRuns } from './resources/training-runs.ts';
import { Value } from './resources/value.ts';
import { Webhooks } from './resources/webhooks.ts';
import { Workspaces } from './resources/workspaces.ts';
import { type CallOptions, Transport } from './transport.ts';
import { VERSION } from './version.ts';

export interface ClientOptions {
  /** E.g. `http://127.0.0.1:8080`. */
  baseUrl: string;
  /** A workspace's key (`us_…`), or the operator's for `workspaces`. */
  apiKey?: string;
  /**
   * In a browser, on a page of the server itself: the session's cookie is the credential, and no key is given. Sign in
   * with `session.create`, or take over a session that is there with `session.get`; both remember its CSRF token.
   */
  cookies?: boolean;
  /** Milliseconds that one attempt may take, 30,000 by default; for uploads and streams, the longest silence. */
  timeoutMs?: number;
  /** Milliseconds that a call may take with all repeats; 120,000 by default. Uploads and streams have none. */
  totalTimeoutMs?: number;
  /** Repeats after the first attempt; 3 by default. */
  maxRetries?: number;
  /** Put before ours, e.g. `my-shop/1.4`. */
  userAgent?: string;
  fetch?: typeof fetch;
  /** How to wait between repeats; for tests. */
  wait?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The Understudy HTTP API. One instance serves a whole process; it holds no connection of its own. */
export class UnderstudyClient {
  readonly tasks: Tasks;
  readonly examples: Examples;
  readonly datasets: Datasets;
  readonly trainingRuns: TrainingRuns;
  readonly certification: Certification;
  readonly retraining: Retraining;
  readonly models: Models;
  readonly decisions: Decisions;
  readonly jobs: Jobs;
  readonly deadLetters: DeadLetters;
  readonly review: Review;
  readonly events: Events;
  readonly sources: Sources;
  readonly predictRoutes: PredictRoutes;
  readonly openAiSettings: OpenAiSettings;
  readonly trails: Trails;
  readonly webhooks: Webhooks;
  readonly ledger: Ledger;
  readonly quality: Quality;
  readonly alerts: Alerts;
  readonly value: Value;
  readonly replays: Replays;
  readonly keys: Keys;
  readonly members: Members;
  /** Of a browser. */
  readonly session: Session;
  /** Operators only. */
  readonly workspaces: Workspaces;
  /** For operators. */
  readonly backups: Backups;
  readonly auditLog: AuditLog;
  readonly health: Health;
  readonly predict: Predictions['one'];
  readonly predictBatch: Predictions['batch'];
  readonly predictAll: Predictions['all'];
  readonly #transport: Transport;

  /** Throws TypeError when the URL or the key cannot be sent at all. */
  constructor(options: ClientOptions) {
    const { protocol } = new URL(options.baseUrl);
    if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('baseUrl must be http:// or https://');
    if (options.apiKey !== undefined && !/^[\x21-\x7e]+$/.test(options.apiKey)) {
      throw new TypeError('apiKey holds spaces or characters that no key has');
    }
    if (options.cookies === true && options.apiKey !== undefined)
      throw new TypeError('give cookies or apiKey, not both');
    const transport = new Transport({
      baseUrl: options.baseUrl,
      apiKey: options.apiKey,
      cookies: options.cookies === true,
      timeoutMs: options.timeoutMs ?? 30_000,
      totalTimeoutMs: options.totalTimeoutMs ?? 120_000,
      userAgent: `${options.userAgent === undefined ? '' : `${options.userAgent} `}understudy-typescript/${VERSION}`,
      // A bare `globalThis.fetch` loses its receiver in browsers; looked up late, so that instrumentation is honoured.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      retry: {
        maxRetries: options.maxRetries ?? 3,
        baseMilliseconds: 250,
        capMilliseconds: 8_000,
        random: Math.random,
      },
      wait: options.wait ?? wait,
      now: Date.now,
    });
    const predictions = new Predictions(transport);
    this.#transport = transport;
    this.tasks = new Tasks(transport);
    this.examples = new Examples(transport);
    this.datasets = new Datasets(transport);
    this.trainingRuns = new TrainingRuns(transport);
    this.certification = new Certification(transport);
    this.retraining = new Retraining(transport);
    this.models = new Models(transport);
    this.decisions = new Decisions(transport);
    this.jobs = new Jobs(transport);
    this.deadLetters = new DeadLetters(transport);
    this.review = new Review(transport);
    this.events = new Events(transport);
    this.sources = new Sources(transport);
    this.predictRoutes = new PredictRoutes(transport);
    this.openAiSettings = new OpenAiSettings(transport);
    this.trails = new Trails(transport);
    this.webhooks = new Webhooks(transport);
    this.ledger = new Ledger(transport);
    this.quality = new Quality(transport);
    this.alerts = new Alerts(transport);
    this.value = new Value(transport);
    this.replays = new Replays(transport);
    this.keys = new Keys(transport);
    this.members = new Members(transport);
    this.session = new Session(transport);
    this.workspaces = new Workspaces(transport);
    this.backups = new Backups(transport);
    this.auditLog = new AuditLog(transport);
    this.health = new Health(transport);
    this.predict = predictions.one.bind(predictions);
    this.predictBatch = predictions.batch.bind(predictions);
    this.predictAll = predictions.all.bind(predictions);
  }

  /** The workspace, principal and scopes of the credential. */
  me(options: CallOptions = {}): Promise<Me> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/me' });
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
