/** One decision of the window, as far as a report needs it. */
interface Counted {
  task: string;
  at: number;
  automated: boolean;
  answer: string | null;
  /** Of the audit lane's draw; null where no lane ran. */
  probability: number | null;
  /** The label of a reviewer or an audit that counts, and its id. */
  verdict: string | null;
  verdictId: string;
  audited: boolean;
  /** Somebody said what it is. */
  answered: boolean;
}

/** What the decisions of one task and stretch of time come to, counted row by row. */
export class Counts {
  decisions = 0;
  automated = 0;
  review = 0;
  waiting = 0;
  audited = 0;
  wrong = 0;
  withoutLane = 0;
  verdicts = { reviewer: 0, audit: 0 };
  seconds = { reviewer: 0, audit: 0 };
  untimed = { reviewer: 0, audit: 0 };
  labels = 0;
  /** By currency: what own models and hosted ones cost. */
  readonly cost = new Map<string, { own: number; hosted: number }>();
  readonly lanes = new Map<number, { decisions: number; right: number; wrong: number }>();

  lane(probability: number) {
    let lane = this.lanes.get(probability);
    if (lane === undefined) {
      lane = { decisions: 0, right: 0, wrong: 0 };
      this.lanes.set(probability, lane);
    }
    return lane;
  }
}

export interface RowScope {
  from: number;
  to: number;
  /** Ids of tasks that the report has figures of. */
  tasks: ReadonlySet<string>;
  /** Only this slug; null = all. */
  slug: string | null;
  /** The start of the stretch of time that holds a moment. */
  bucketOf(at: number): number;
}

interface DecisionRecord {
  id: string;
  kind: 'decision';
  created_at: string;
  label: string | null;
  outcome: string;
  audit?: { probability: number };
  cost: { amount: string; currency: string };
  decided_by: { rung: string } | null;
  task: { id: string; slug: string };
}

interface LabelRecord {
  id: string;
  kind: 'label';
  decision: string;
  label: string;
  source: string;
  echo?: boolean;
  seconds?: number;
}

export type LedgerRecord =
  | DecisionRecord
  | LabelRecord
  | { id: string; kind: 'erasure'; decision: string }
  /** Something that happened and is no decision: it counts in no figure. */
  | { id: string; kind: 'event'; type: string };

/** Counts ledger rows in the order of the log. Labels find their decision, which always stands before them. */
export class RowCounts {
  readonly #scope: RowScope;
  readonly #decisions = new Map<string, Counted>();
  readonly #cells = new Map<string, Map<number, Counts>>();
  #settled = false;
  /** Decisions of the window whose task the report does not know. */
  withoutTask = 0;

  constructor(scope: RowScope) {
    this.#scope = scope;
  }

  /** False when the row contradicts itself or a row before it. */
  take(record: LedgerRecord): boolean {
    if (record.kind === 'decision') return this.#decision(record);
    if (record.kind === 'label') this.#label(record);
    return true;
  }

  #decision(record: DecisionRecord): boolean {
    const at = Date.parse(record.created_at);
    const { id: task, slug } = record.task;
    const { from, to, tasks } = this.#scope;
    if (!(at >= from && at < to) || (this.#scope.slug !== null && slug !== this.#scope.slug)) return true;
    if (!tasks.has(task)) {
      // An earlier task of the same name is not the one that was asked for.
      if (this.#scope.slug === null) this.withoutTask++;
      return true;
    }
    if (this.#decisions.has(record.id) || (record.label !== null) !== (record.outcome === 'automated')) return false;
    const counts = this.#cell(task, at);
    counts.decisions++;
    if (record.label === null) counts.review++;
    else {
      counts.automated++;
      if (record.audit === undefined || record.audit === null) counts.withoutLane++;
      else counts.lane(record.audit.probability).decisions++;
    }
    const price = Number(record.cost.amount);
    if (price !== 0) {
      const sum = counts.cost.get(record.cost.currency) ?? { own: 0, hosted: 0 };
      if (record.decided_by === null || record.decided_by.rung === 'own_model') sum.own += price;
      else sum.hosted += price;
      counts.cost.set(record.cost.currency, sum);
    }
    this.#decisions.set(record.id, {
      task,
      at,
      automated: record.label !== null,
      answer: record.label,
      probability: record.audit?.probability ?? null,
      verdict: null,
      verdictId: '',
      audited: false,
      answered: false,
    });
    return true;
  }

  #label(record: LabelRecord): void {
    const decision = this.#decisions.get(record.decision);
    if (decision === undefined) return;
    const counts = this.#cell(decision.task, decision.at);
    counts.labels++;
    if (record.echo === true) return;
    if (record.source !== 'appeal') decision.answered = true;
    if (record.source !== 'reviewer' && record.source !== 'audit') return;
    const { source } = record;
    counts.verdicts[source]++;
    if (record.seconds === undefined) counts.untimed[source]++;
    else counts.seconds[source] += Math.round(record.seconds * 1000) / 1000;
    if (source === 'audit') decision.audited = true;
    if (record.id > decision.verdictId) {
      decision.verdict = record.label;
      decision.verdictId = record.id;
    }
  }

  #cell(task: string, at: number): Counts {
    let cells = this.#cells.get(task);
    if (cells === undefined) {
      cells = new Map();
      this.#cells.set(task, cells);
    }
    const bucket = this.#scope.bucketOf(at);
    let counts = cells.get(bucket);
    if (counts === undefined) {
      counts = new Counts();
      cells.set(bucket, counts);
    }
    return counts;
  }

  /** Counts by task and start of the stretch of time, when all rows were taken. */
  finish(): ReadonlyMap<string, ReadonlyMap<number, Counts>> {
    if (this.#settled) return this.#cells;
    this.#settled = true;
    for (const one of this.#decisions.values()) {
      const counts = this.#cell(one.task, one.at);
      if (!one.automated) {
        if (!one.answered) counts.waiting++;
        continue;
      }
      if (!one.audited || one.probability === null) continue;
      counts.audited++;
      const lane = counts.lane(one.probability);
      if (one.verdict === one.answer) lane.right++;
      else {
        lane.wrong++;
        counts.wrong++;
      }
    }
    this.#decisions.clear();
    return this.#cells;
  }
}
