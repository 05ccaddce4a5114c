import { createHash } from 'node:crypto';
import { type ErrorRate, errorRateOf } from './error-rate.ts';
import { exportReport } from './export.ts';
import type { PricedTask, ValuePorts } from './ports.ts';
import { countsOf, minutesOf, moneyOf, type Part, type Report, type ReportFigures, ratesOf } from './report.ts';
import { addFigures, emptyTally, type Tally } from './tally.ts';
import { bucketOf, type ReportBucket, windowOf } from './window.ts';

/** RFC 6962 §2.1: the head of a log without leaves, SHA-256 of nothing. */
const EMPTY_LOG = createHash('sha256').digest('hex');

export interface ReportRequest {
  task?: string | undefined;
  /** Milliseconds since the epoch. */
  from?: number | undefined;
  to?: number | undefined;
  bucket?: ReportBucket | undefined;
}

/** What automation saves, from the ledger's figures and the tasks' prices as they stand. */
export class Value {
  readonly #ports: ValuePorts;

  constructor(ports: ValuePorts) {
    this.#ports = ports;
  }

  /**
   * The report of a window, by task and over time.
   *
   * @throws `task_not_found` `invalid_window` `too_many_buckets` `invalid_price` `database_unavailable`
   */
  async report(workspace: string, asked: ReportRequest): Promise<Report> {
    const { figures: reader, tasks: catalogue, clock, records } = this.#ports;
    const now = clock.now();
    const only = asked.task === undefined ? null : await catalogue.find(workspace, asked.task);
    const priced = only === null ? await catalogue.list(workspace) : [only];
    const first =
      asked.from === undefined
        ? await records.firstDecision(workspace, only === null ? {} : { task: only.slug })
        : null;
    const given = {
      ...(asked.from === undefined ? {} : { from: asked.from }),
      ...(asked.to === undefined ? {} : { to: asked.to }),
    };
    const window = windowOf(given, first, now);
    const bucket = bucketOf(asked.bucket, window);
    const { figures, evidence } = await reader.read(workspace, {
      ...(only === null ? {} : { task: only.slug, taskId: only.id }),
      ...window,
      bucket,
      perTask: true,
    });
    const head = await this.#headAt(workspace, evidence.ledgerSize);

    const byId = new Map(priced.map((task) => [task.id, task]));
    const totals = new Map<string, Tally>(priced.map(({ id }) => [id, emptyTally()]));
    const slots = new Map<number, { from: number; to: number; tallies: Map<string, Tally> }>();
    let decisionsWithoutTask = 0;
    for (const one of figures) {
      const id = one.task?.id ?? '';
      if (!byId.has(id)) {
        decisionsWithoutTask += one.decisions;
        continue;
      }
      addFigures(totals.get(id)!, one);
      const slot = slots.get(one.from) ?? { from: one.from, to: one.to, tallies: new Map<string, Tally>() };
      slots.set(one.from, slot);
      const tally = slot.tallies.get(id) ?? emptyTally();
      slot.tallies.set(id, tally);
      addFigures(tally, one);
    }
    const inUse = priced.filter(({ id }) => only !== null || totals.get(id)!.decisions > 0);
    const rates = ratesOf(inUse.map(({ id, economics }) => ({ tally: totals.get(id)!, economics })));
    const end = Math.min(window.to, Math.max(now, window.from));
    const partOf = (task: PricedTask, at: number, tally: Tally, from: number, to: number): Part => ({
      tally,
      economics: task.economics,
      ...rates[at]!,
      span: Math.max(0, Math.min(to, end) - from),
    });
    const parts = inUse.map((task, at) => partOf(task, at, totals.get(task.id)!, window.from, window.to));
    const total = figuresOf(parts);
    const own = inUse.map((task, at) => ({
      task,
      // By itself a task needs no correction for the others.
      figures: figuresOf([{ ...parts[at]!, bounds: parts[at]!.rate }]),
    }));
    const currencies = [...new Set(inUse.map(({ economics }) => economics.currency))].sort();
    const notes = notesOf(total, decisionsWithoutTask, evidence.ledgerSize, own);
    return {
      workspace,
      task: only?.slug ?? null,
      window,
      bucket,
      generatedAt: now,
      total,
      currencies: currencies.map((currency) => {
        const same = parts.filter(({ economics }) => economics.currency === currency);
        return { currency, money: moneyOf(same, errorRateOf(same.map(({ tally }) => tally))) };
      }),
      tasks: own,
      buckets: [...slots.values()]
        .sort((a, b) => a.from - b.from)
        // A stretch in which only labels were given, about decisions before it, has no figures of its own.
        .filter(({ tallies }) => [...tallies.values()].some(({ decisions }) => decisions > 0))
        .map(({ from, to, tallies }) => ({
          from,
          to,
          figures: figuresOf(
            inUse.flatMap((task, at) => {
              const tally = tallies.get(task.id);
              return tally === undefined || tally.decisions === 0 ? [] : [partOf(task, at, tally, from, to)];
            }),
            total.error,
          ),
        })),
      evidence: {
        head,
        size: evidence.ledgerSize,
        rows: total.counts.decisions + total.counts.labels,
        decisionsWithoutTask,
        auditsExpected: total.counts.auditsExpected,
        audited: total.counts.audited,
      },
      notes,
    };
  }

  /** The report's lines and rows, see {@link exportReport}. */
  export(report: Report, presented: unknown): AsyncGenerator<string> {
    return exportReport(this.#ports, report, presented);
  }

  async #headAt(workspace: string, size: number): Promise<string> {
    const { ledger } = this.#ports;
    if (size === 0) return EMPTY_LOG;
    const [commit] = await ledger.commitsBySeq(workspace, [size - 1]);
    return commit?.head.toString('hex') ?? '';
  }
}

/** `evidence`: the error rate that decides whether money has an interval; by default the parts' own. */
function figuresOf(parts: readonly Part[], evidence?: ErrorRate): ReportFigures {
  const error = errorRateOf(parts.map(({ tally }) => tally));
  return { counts: countsOf(parts), minutes: minutesOf(parts), error, money: moneyOf(parts, evidence ?? error) };
}

function notesOf(
  total: ReportFigures,
  withoutTask: number,
  size: number,
  tasks: readonly { task: PricedTask; figures: ReportFigures }[],
): string[] {
  const notes: string[] = [];
  const { counts, error, money } = total;
  if (size === 0) notes.push('The ledger is empty, or its figures are still being counted.');
  if (error.note !== null && counts.automated > 0) notes.push(error.note);
  if (money.note !== null && counts.decisions > 0) notes.push(money.note);
  if (withoutTask > 0) notes.push(`${withoutTask} decisions of deleted tasks have no prices and are in no figure.`);
  if (counts.auditsExpected >= 20 && counts.audited < counts.auditsExpected / 2) {
    notes.push(
      `The audit lane is behind: ${counts.audited} of about ${Math.round(counts.auditsExpected)} audits are done.`,
    );
  }
  if (counts.waiting > 0) {
    notes.push(`${counts.waiting} decisions wait for a person; their work counts as if it were done by hand.`);
  }
  for (const { task, figures } of tasks) {
    if (figures.counts.automated > 0 && figures.money.errors === 0n && Number(task.economics.costOfError) === 0) {
      notes.push(`Errors of ${task.slug} cost nothing, as its economics say.`);
    }
  }
  return [...new Set(notes)];
}
