import type { BatchResult, EventBus, EventSink, Subscription } from '@understudy/events';
import { type Clock, type Database, isUnderstudyError, type Logger, newId, silentLogger } from '@understudy/kernel';
import { BatchJoiner } from './batch-joiner.ts';
import type { MessagePipeline, Processed } from './message-pipeline.ts';
import type { ProcessReport, SourceBuses, SourceStore } from './ports.ts';
import type { RunReport, Source, SourceProblem } from './source.ts';

export interface SourceRunnerPorts {
  database: Database;
  store: Pick<SourceStore, 'active' | 'report' | 'beginOutage' | 'endOutages'>;
  buses: SourceBuses;
  pipeline: Pick<MessagePipeline, 'process'>;
  events: EventSink;
  clock: Clock;
  logger?: Logger;
  /** How often the list of sources is looked at without being told. Default 1,000. */
  everyMs?: number;
  /** How often this process says how its sources fare. Default 2,000. */
  reportMs?: number;
}

/** The lag is asked for with every so many reports. */
const REPORTS_A_LAG = 3;

/** Messages of one call of a handler. */
const BATCH = 500;
/** A full batch was handled this lately: more waits. */
const BEHIND_MS = 500;

/** One message that failed for no known reason comes again after this. */
const AGAIN_MS = 1_000;

/** One source as this process runs it. */
interface Run {
  source: Source;
  joiner: BatchJoiner<Processed>;
  bus: EventBus | null;
  subscription: Subscription | null;
  /** Of the last batch, or of opening the bus. */
  failure: SourceProblem | null;
  /** As it was lately: some brokers are slow to count. */
  lag: number | null;
  reports: number;
  closing: boolean;
}

/**
 * Runs every source that is not paused, in each worker process: they share a source's messages as consumers of one
 * group. Edits take effect within {@link SourceRunnerPorts.everyMs}, or at once when somebody calls {@link refresh}.
 */
export class SourceRunner {
  readonly #ports: SourceRunnerPorts;
  readonly #logger: Logger;
  readonly #process: string;
  readonly #runs = new Map<string, Run>();
  /** Sources whose bus could not even be opened: tried again at the next look at the list, and reported meanwhile. */
  readonly #failedToOpen = new Map<string, { source: Source; failure: SourceProblem }>();
  #refreshTimer: NodeJS.Timeout | undefined;
  #reportTimer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  #refreshQueued = false;
  #reporting: Promise<void> = Promise.resolve();
  #stopped = true;
  /** The last report named sources. */
  #reported = false;
  #fullBatchAt = Number.NEGATIVE_INFINITY;
  #seen = { decided: 0, unprocessable: 0, duplicate: 0, again: 0 };

  constructor(ports: SourceRunnerPorts) {
    this.#ports = ports;
    this.#logger = (ports.logger ?? silentLogger).child({ component: 'sources' });
    this.#process = newId('proc', ports.clock.now());
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.refresh();
    this.#refreshTimer = setInterval(() => void this.refresh(), this.#ports.everyMs ?? 1_000).unref();
    this.#reportTimer = setInterval(() => void this.report(), this.#ports.reportMs ?? 2_000).unref();
  }

  /** Finishes the batches in hand, acknowledges them, and leaves the groups. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#refreshTimer);
    clearInterval(this.#reportTimer);
    await this.#refreshing;
    await Promise.all([...this.#runs.keys()].map((key) => this.#close(key)));
    await this.#reporting;
    await this.#ports.store.report(this.#process, []).catch(() => {}); // it ages by itself
  }

  /** What this process has done since it started, by outcome. */
  get seen(): Readonly<Record<'decided' | 'unprocessable' | 'duplicate' | 'again', number>> {
    return this.#seen;
  }

  /** Whether more waits than one batch takes. */
  get behind(): boolean {
    return performance.now() - this.#fullBatchAt < BEHIND_MS;
  }

  /** Looks at the list of sources now. Resolves when this process runs what it says. */
  refresh(): Promise<void> {
    // One that waits is enough for everybody who asks meanwhile.
    if (this.#refreshQueued) return this.#refreshing;
    this.#refreshQueued = true;
    this.#refreshing = this.#refreshing.then(async () => {
      this.#refreshQueued = false;
      if (this.#stopped) return;
      try {
        await this.#reconcile(await this.#ports.store.active());
      } catch (error) {
        this.#logger.warn({ err: error }, 'the list of sources cannot be read; those that run go on');
      }
    });
    return this.#refreshing;
  }

  async #reconcile(sources: readonly Source[]): Promise<void> {
    const wanted = new Map(sources.map((source) => [`${source.workspace} ${source.name}`, source]));
    for (const [key, run] of [...this.#runs]) {
      const source = wanted.get(key);
      if (source !== undefined && source.id === run.source.id && source.version === run.source.version) continue;
      // What is in hand of the old one cannot be committed any more, so there is no need to wait for it.
      const closed = this.#close(key);
      if (source === undefined || sameSubscription(run.source, source)) await closed;
      else closed.catch(() => {});
    }
    for (const key of this.#failedToOpen.keys()) {
      if (wanted.get(key)?.paused !== false) this.#failedToOpen.delete(key);
    }
    for (const [key, source] of wanted) {
      if (!source.paused && !this.#runs.has(key) && !this.#stopped) this.#open(key, source);
    }
  }

  #open(key: string, source: Source): void {
    const joiner = new BatchJoiner(
      (messages, signal) => this.#ports.pipeline.process(source, messages, { signal }),
      BATCH,
    );
    const run: Run = {
      ...{ source, joiner, bus: null, subscription: null, failure: null, lag: null, reports: 0, closing: false },
    };
    this.#runs.set(key, run);
    const { bus, topic, group } = source.definition;
    const begin = async () => {
      try {
        run.bus = await this.#ports.buses.get(bus);
        if (run.closing) return;
        run.subscription = run.bus.consume(
          { topic, group, batch: BATCH },
          async (batch): Promise<BatchResult | undefined> => {
            try {
              return await this.#handle(run, batch.messages, batch.signal);
            } catch (error) {
              if (batch.signal.aborted) throw error;
              run.failure = problemOf(error);
              const fields = { err: error, workspace: source.workspace, source: source.name };
              if (run.failure.code === 'source_changed') void this.refresh();
              else this.#logger.warn(fields, 'messages of a source cannot be handled now; they are tried again');
              throw error;
            }
          },
        );
      } catch (error) {
        run.failure = problemOf(error);
        this.#logger.warn({ err: error, source: source.name, bus }, 'a source cannot be opened; it is tried again');
        this.#runs.delete(key);
        this.#failedToOpen.set(key, { source, failure: run.failure });
        return;
      }
      this.#failedToOpen.delete(key);
    };
    void begin();
  }

  async #handle(
    run: Run,
    messages: Parameters<MessagePipeline['process']>[1],
    signal: AbortSignal,
  ): Promise<BatchResult | undefined> {
    if (messages.length >= BATCH / 2) this.#fullBatchAt = performance.now();
    const processed = await run.joiner.handle(messages, signal);
    const retry: number[] = [];
    for (const [index, result] of processed.entries()) {
      this.#seen[result.outcome]++;
      if (result.outcome !== 'again') continue;
      retry.push(index);
      const { workspace, name } = run.source;
      this.#logger.error({ err: result.error, workspace, source: name }, 'a message of a source failed');
    }
    run.failure = null;
    return retry.length === 0 ? undefined : { retry, afterMs: AGAIN_MS };
  }

  async #close(key: string): Promise<void> {
    const run = this.#runs.get(key);
    this.#runs.delete(key);
    if (run === undefined) return;
    run.closing = true;
    await run.subscription?.close();
  }

  /** Says how the sources of this process fare, and records outages when they begin. */
  report(): Promise<void> {
    this.#reporting = this.#reporting.then(async () => {
      if (this.#stopped) return;
      try {
        await this.#report();
      } catch (error) {
        this.#logger.warn({ err: error }, 'the state of sources cannot be written down now');
      }
    });
    return this.#reporting;
  }

  async #report(): Promise<void> {
    const { store, database, events } = this.#ports;
    const running = await Promise.all(
      [...this.#runs.values()].map(async (run) => ({ source: run.source, report: await reportOf(run) })),
    );
    const unopened = [...this.#failedToOpen.values()]
      .filter(({ source }) => !this.#runs.has(`${source.workspace} ${source.name}`))
      .map(({ source, failure }) => ({
        source,
        report: { state: 'failing', problem: failure, lag: null } as RunReport,
      }));
    const all = [...running, ...unopened];
    const reports: ProcessReport[] = all.map(({ source, report }) => ({
      workspace: source.workspace,
      source: source.name,
      ...report,
    }));
    // A process without sources says so once, and then asks nothing of the database.
    if (reports.length === 0 && !this.#reported) return;
    await store.report(this.#process, reports);
    this.#reported = reports.length > 0;
    for (const { source, report } of all) {
      if (report.state !== 'failing' || report.problem === null) continue;
      const { workspace, name, definition } = source;
      const problem = report.problem;
      await database.inWorkspace(workspace, async (tx) => {
        if (!(await store.beginOutage(tx, source, problem))) return;
        const { bus, topic, task } = definition;
        const data = { source: name, bus, topic, task, problem };
        await events.record(tx, workspace, [{ type: 'source.failing', subject: name, data }]);
      });
    }
    await store.endOutages();
  }
}

async function reportOf(run: Run): Promise<RunReport> {
  const { subscription, failure } = run;
  if (subscription === null) {
    return failure === null
      ? { state: 'connecting', problem: null, lag: null }
      : { state: 'failing', problem: failure, lag: null };
  }
  if (run.reports++ % REPORTS_A_LAG === 0) {
    // A bus that is away may not answer at all: the state counts, the lag is a courtesy.
    run.lag = await Promise.race([
      subscription.lag().catch(() => null),
      new Promise<null>((resolve) => setTimeout(() => resolve(null), 1_000).unref()),
    ]);
  }
  const { lag } = run;
  if (subscription.state === 'failing' || subscription.state === 'closed') {
    const detail = subscription.problem ?? 'the message system does not answer';
    return { state: 'failing', problem: { code: 'bus_unavailable', detail }, lag };
  }
  if (failure !== null) return { state: 'failing', problem: failure, lag };
  return { state: subscription.state, problem: null, lag };
}

/** Whether two would be the same consumer of the same messages: the old one has to leave before the new one comes. */
function sameSubscription(a: Source, b: Source): boolean {
  const [x, y] = [a.definition, b.definition];
  return x.bus === y.bus && x.topic === y.topic && x.group === y.group;
}

/** In words for whoever reads the source's page: no secret, nothing of the message. */
function problemOf(error: unknown): SourceProblem {
  if (isUnderstudyError(error)) return { code: error.code, detail: error.message };
  return { code: 'internal_error', detail: 'an error of this server; its log has more' };
}
