import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { type EmbeddedPostgres, migrate, startEmbedded } from '@understudy/database-postgres';
import { operatorPrincipal } from '@understudy/identity';
import { signInPath } from '@understudy/identity/http';
import { type Logger, systemClock } from '@understudy/kernel';
import type { FastifyInstance } from 'fastify';
import { makeBackup } from './backup/make-backup.ts';
import { type ClosingStep, closeInOrder } from './composition/closing.ts';
import { leadershipOf, openLeadership } from './composition/leadership.ts';
import { openRooms, type Rooms } from './composition/rooms.ts';
import type { Config, Role } from './config.ts';
import { Dashboard } from './dashboard/dashboard.ts';
import { buildApp } from './http/build-app.ts';
import { buildInnerApp } from './http/build-inner-app.ts';
import { type BusyReport, ReportedGateway } from './http/load/busy-report.ts';
import type { GatewayLoad } from './http/load-gate.ts';
import { roomMigrations } from './migrations.ts';
import { releaseIdleMemory } from './observability/idle-memory.ts';
import { createLogger } from './observability/logging.ts';
import { Metrics } from './observability/metrics.ts';
import { WorkerProcess } from './worker-process/worker-process.ts';

export interface RunningServer {
  /** `http://host:port`, as bound. */
  url: string;
  /**
   * A URL with a fresh one-time code for the owner of the example workspace; null when there is none. Only for whoever
   * started this process: it holds the database anyway.
   */
  demoSignInUrl(): Promise<string | null>;
  /** The figures of this process, as `prom-client` gives them. */
  metrics(): Promise<object[]>;
  /** How busy the gateway is that this process works beside: its background work stands back accordingly. */
  standBack(report: BusyReport): void;
  /**
   * Stops taking work, finishes what is in flight within the drain time, and stops everything it started. What hangs
   * is logged and left behind: this ends within the drain time and 20 s, if need be by a rejection.
   */
  close(): Promise<void>;
}

/** What happens while the server starts, for whoever shows it. */
export interface StartProgress {
  step?(what: string): void;
  /** The operator key was made by this start: it exists nowhere else, so show it now, whatever happens next. */
  operatorKeyMade?(key: string): void;
}

/**
 * Starts one server process: database, migrations, rooms, HTTP. Throws a coded error that says what to do when the
 * data directory is in use, the database cannot be reached or was changed by other hands.
 */
export async function startServer(config: Config, progress: StartProgress = {}): Promise<RunningServer> {
  const logger = createLogger(config.logLevel, config.logFormat);
  const metrics = new Metrics();
  mkdirSync(config.dataDir, { recursive: true });
  const undo: ClosingStep[] = [];
  try {
    // Work for later gets a process of its own: it must not stand in the way of an answer that somebody waits for.
    let workerProcess: WorkerProcess | undefined;
    if (config.workerProcess && config.roles.has('gateway') && config.roles.size > 1) {
      const worker = new WorkerProcess(config.drainSeconds, logger);
      worker.warmUp();
      undo.push({ name: 'the waiting worker process', run: () => worker.stop() });
      workerProcess = worker;
    }
    let url = config.databaseUrl;
    if (url === undefined) {
      progress.step?.('starting the embedded PostgreSQL');
      const embedded: EmbeddedPostgres = await startEmbedded({ dataDir: join(config.dataDir, 'postgres'), logger });
      undo.push({ name: 'the embedded database', run: () => embedded.stop(), limitMs: DATABASE_STOP_MS });
      url = embedded.url;
    }
    progress.step?.('bringing the database up to date');
    await migrate({ url, migrations: roomMigrations, logger });
    const rooms = await openRooms({ config, url, clock: systemClock, logger, metrics });
    undo.push(...rooms.closing());
    if (rooms.operator.made !== null) progress.operatorKeyMade?.(rooms.operator.made);
    await rooms.ledger.maintain();
    observeRooms(metrics, rooms);

    let roles = config.roles;
    let beside: Promise<void> | undefined;
    if (workerProcess !== undefined) {
      const worker = workerProcess;
      undo.push({ name: 'the worker process', run: () => worker.stop(), limitMs: config.drainSeconds * 1000 + 12_000 });
      beside = worker.start(besideGateway(config, url));
      beside.catch(() => {}); // awaited below
      metrics.include(() => worker.metrics());
      roles = new Set<Role>(['gateway']);
    }

    const state = { draining: false };
    let dashboard: Dashboard | undefined;
    if (config.dashboard && config.roles.has('gateway')) {
      const built = new Dashboard({ dataDir: config.dataDir, logger });
      built.start();
      undo.push({ name: 'the dashboard', run: () => built.stop() });
      dashboard = built;
    }
    const leadership = roles.has('scheduler') ? openLeadership(rooms, logger, metrics) : null;
    const readiness = {
      check: () => notReady(rooms, state.draining),
      duty: () => ({ roles: [...config.roles], scheduler: leadershipOf(leadership) }),
    };
    const objectsDir = join(config.dataDir, 'objects');
    const databaseUrl = url;
    const backup = () => makeBackup({ databaseUrl, objects: rooms.objects, objectsDir, now: () => systemClock.now() });
    const gated = (load: GatewayLoad) => {
      const gateway = rooms.busyness(load);
      if (roles.has('worker')) rooms.standBackBehind(gateway);
      workerProcess?.standsBackBehind(gateway);
    };
    let reported: ReportedGateway | null = null;
    const standBack = (report: BusyReport) => {
      if (reported === null) {
        reported = new ReportedGateway();
        rooms.standBackBehind(reported, reported);
      }
      reported.hear(report);
    };
    const edge = { config, rooms, clock: systemClock, logger, metrics, readiness };
    const app = await (config.roles.has('gateway')
      ? buildApp({ ...edge, dashboard, backup, gated })
      : buildInnerApp(edge));
    if (roles.has('worker')) {
      rooms.feed.start();
      rooms.reviewRoom.start();
      rooms.worker.start();
      await rooms.jobRoom.start();
      await rooms.sourceRoom.start();
      rooms.outgoingRoom.relay.start();
      rooms.replayWorker.start();
      rooms.webhooksRoom.worker.start();
    }
    if (leadership !== null) {
      leadership.start();
      undo.push({ name: 'what the leader does', run: () => leadership.stop(), limitMs: LEADER_STOP_MS });
    }
    if (config.metricsPort > 0) {
      const stop = await serveMetrics(metrics, config);
      undo.push({ name: 'the metrics port', run: stop });
    }
    // It prepares its routes while the process beside it starts.
    await app.ready();
    await beside;
    // Workers and schedulers listen too, for their health and metrics.
    const bound = await app.listen({ host: config.host, port: config.port });
    const drainMs = config.drainSeconds * 1000;
    undo.push({ name: 'requests in flight', run: () => drain(app, state, drainMs), limitMs: drainMs + 1000 });
    const stopReleasing = releaseIdleMemory();
    undo.push({ name: 'the release of idle memory', run: async () => stopReleasing() });
    const demoSignInUrl = async () => {
      const made = await rooms.identityRoom.sessions.issueDemoCode(operatorPrincipal);
      return made === null ? null : `${config.publicUrl ?? bound}${signInPath(made.code.code)}`;
    };
    return {
      url: bound,
      demoSignInUrl,
      metrics: () => metrics.registry.getMetricsAsJSON(),
      standBack,
      close: once(() => unwind(undo, logger)),
    };
  } catch (error) {
    await unwind(undo, logger).catch(() => {}); // logged; what kept the server from starting is what counts
    throw error;
  }
}

/** The configuration of the process beside a gateway: everything else that this server was asked to do. */
function besideGateway(config: Config, databaseUrl: string): Config {
  const roles = new Set(config.roles);
  roles.delete('gateway');
  return {
    ...config,
    ...{ roles, databaseUrl, workerProcess: false, dashboard: false, demo: false },
    ...{ host: '127.0.0.1', port: 0, publicUrl: undefined, metricsPort: 0 },
  };
}

async function notReady(rooms: Rooms, draining: boolean): Promise<string[]> {
  const missing: string[] = draining ? ['draining'] : [];
  await rooms.open.ping().catch(() => missing.push('database'));
  return missing;
}

/** Of a stop without the draining: what may hang, and the database at the end, are given up on after this. */
const CLOSE_MS = 10_000;
const DATABASE_STOP_MS = 6_000;
const LEADER_STOP_MS = 6_000;

/** In reverse order of starting. */
async function unwind(undo: ClosingStep[], logger: Logger): Promise<void> {
  await closeInOrder(undo.splice(0).reverse(), logger, CLOSE_MS);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}

/** How long open connections see `Connection: close` and a 503 of /healthz/ready before the port closes. */
const NOTICE_MS = 1000;

/** Says that it goes, then refuses new connections and answers what is in flight. */
async function drain(app: FastifyInstance, state: { draining: boolean }, limitMs: number): Promise<void> {
  state.draining = true;
  app.server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  const giveUp = setTimeout(() => app.server.closeAllConnections(), limitMs);
  // A connection that looks idle may have a request under way: whoever balances load first has to see that we go.
  const open = await new Promise<number>((done) => app.server.getConnections((_error, count) => done(count)));
  if (open > 0) await setTimeoutPromise(Math.min(NOTICE_MS, limitMs));
  await app.close();
  clearTimeout(giveUp);
}

function observeRooms(metrics: Metrics, rooms: Rooms): void {
  const { ledger, open, inference } = rooms;
  metrics.gauge(
    'understudy_ledger_waiting_rows',
    'Rows that wait for the next group commit.',
    () => ledger.statistics.waitingRows,
  );
  metrics.gauge('understudy_ledger_rows_written', 'Rows written by this process.', () => ledger.statistics.rows);
  metrics.gauge('understudy_ledger_groups_written', 'Group commits of this process.', () => ledger.statistics.groups);
  metrics.gauge(
    'understudy_database_connections',
    'Database connections of this process.',
    () => open.statistics().total,
  );
  metrics.gauge('understudy_database_waiting', 'Callers that wait for a connection.', () => open.statistics().waiting);
  metrics.gauge(
    'understudy_models_loaded',
    'Models in memory.',
    () => inference.status().filter((model) => model.loaded).length,
  );
  metrics.gauge('understudy_models_memory_bytes', 'Memory that loaded models say they hold.', () =>
    inference.status().reduce((sum, model) => sum + model.memoryBytes, 0),
  );
}

/** /metrics on a port of its own, for the operator’s Prometheus; everything else there is 404. */
async function serveMetrics(metrics: Metrics, config: Config): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.metricsPort, config.host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
