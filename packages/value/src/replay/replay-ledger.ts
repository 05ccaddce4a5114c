import type { Task } from '@understudy/decisions';
import type { Verdict } from '@understudy/ledger';
import type { ReplayResult } from '@understudy/wire';
import type { Economics } from '../ports.ts';
import type { OpenModel, ReplayPorts, Scores } from './ports.ts';
import { RecordParser } from './record-reading.ts';
import { addVerdicts, type Recorded, readDecision, textOf } from './recorded.ts';
import { type Again, Redecider, type Step } from './redecide.ts';
import { changesNothing, type Replay } from './replay.ts';
import { Side } from './sides.ts';

const PAGE = 4_000;
/** Texts that a model scores at once: enough for its batches, few enough to leave room for live traffic. */
const AT_ONCE = 32;
const SHOWN = 20;
/** With fewer timed verdicts than this, a verdict takes what the task says an item takes by hand. */
const FEWEST_TIMES = 20;

export interface ReplayContext {
  signal: AbortSignal;
  /** Called after each page; may throw to end the replay. */
  progress(done: number, total: number): Promise<void>;
}

type Difference = ReplayResult['compared']['differences'][number];

/**
 * Makes the decisions of a task in a window again and compares them with the record, page by page in memory that does
 * not grow with their number. Throws `task_not_found`, `database_unavailable`, `invalid_price`.
 */
export async function replayLedger(ports: ReplayPorts, replay: Replay, context: ReplayContext): Promise<ReplayResult> {
  return new LedgerReplay(ports, replay, context).run();
}

class LedgerReplay {
  readonly #ports: ReplayPorts;
  readonly #replay: Replay;
  readonly #context: ReplayContext;
  readonly #history = new Side();
  readonly #replayed = new Side();
  readonly #models = new Map<string, Promise<OpenModel | null>>();
  readonly #compared = { identical: 0, different: 0, newly_automated: 0, newly_reviewed: 0, other_label: 0 };
  readonly #differences: Difference[] = [];
  #rescored = 0;
  #erased = 0;
  #unavailable = 0;
  #seconds = 0;
  #timed = 0;

  constructor(ports: ReplayPorts, replay: Replay, context: ReplayContext) {
    this.#ports = ports;
    this.#replay = replay;
    this.#context = context;
  }

  async run(): Promise<ReplayResult> {
    const { rooms, records, ledger } = this.#ports;
    const { workspace, what } = this.#replay;
    const startedAt = performance.now();
    const task = await rooms.task(workspace, this.#replay.task);
    const { size, head } = await ledger.head(workspace);
    const span = { task: task.slug, from: this.#replay.from ?? 0, to: this.#replay.to, size };
    const total = await records.countDecisions(workspace, span);
    const redecider = new Redecider({ rooms, workspace, task, what });
    const payload = redecider.needsText;
    const parser = new RecordParser();
    let after = '';
    let done = 0;
    const read = (from: string) => {
      const reading = records.decisions(workspace, span, { after: from, limit: PAGE, payload });
      reading.catch(() => {}); // awaited below, unless the page before fails first
      return reading;
    };
    try {
      let next = read(after);
      for (;;) {
        const rows = await next;
        const last = rows.length < PAGE;
        if (!last) {
          after = rows.at(-1)!.id;
          next = read(after); // while the verdicts of this page are read, and it is worked on
        }
        const verdicts =
          rows.length === 0
            ? []
            : await records.verdicts(workspace, { first: rows[0]!.id, last: rows.at(-1)!.id, size });
        // An earlier, deleted task of the same name is another task.
        const page = rows.map((row) => readDecision(parser, row)).filter(({ taskId }) => taskId === task.id);
        join(page, verdicts);
        await redecider.prepare(page);
        await this.#page(page, redecider, task);
        done += rows.length;
        this.#context.signal.throwIfAborted();
        await this.#context.progress(done, total);
        if (last) break;
      }
    } finally {
      for (const opening of this.#models.values()) await opening.then((model) => model?.close()).catch(() => {});
    }
    const elapsed = Math.max(1, performance.now() - startedAt);
    const economics = economicsOf(task);
    const minutes = this.#timed < FEWEST_TIMES ? economics.minutesPerItem : this.#seconds / this.#timed / 60;
    return {
      history: this.#history.present(economics, minutes),
      replayed: this.#replayed.present(economics, minutes),
      configuration: [...redecider.configurations.values()].map(({ version, ...rest }) => ({
        model_version: version,
        ...rest,
      })),
      compared: { ...this.#compared, differences: this.#differences },
      minutes_per_verdict: Math.round(minutes * 1e4) / 1e4,
      rescored: this.#rescored,
      erased: this.#erased,
      unavailable: this.#unavailable,
      decisions_per_second: Math.round((done / elapsed) * 1000),
      evidence: { ledger_head: head.toString('hex'), ledger_size: size },
      method: methodOf(this.#replay),
    };
  }

  async #page(page: Recorded[], redecider: Redecider, task: Task): Promise<void> {
    const steps = page.map((row) => redecider.step(row));
    const toScore = steps.flatMap((step, at) => (step.kind === 'score' ? [at] : []));
    const answers = toScore.length === 0 ? [] : await this.#score(page, steps, toScore);
    const auditRate = task.definition.audit.rate;
    const exact = changesNothing(this.#replay.what);
    page.forEach((row, at) => {
      const step = steps[at]!;
      const answer = answers[at];
      const again = step.kind === 'decided' ? step.again : answer === undefined ? step.fallback : step.settle(answer);
      this.#seconds += row.seconds;
      this.#timed += row.timed;
      this.#history.add(row, row.label, auditRate);
      this.#replayed.add(row, again.label, auditRate);
      this.#compare(row, again, exact);
    });
  }

  /** Answers by place in the page; a hole where there is none. */
  async #score(page: Recorded[], steps: readonly Step[], places: readonly number[]): Promise<(Scores | undefined)[]> {
    const answers: (Scores | undefined)[] = new Array(page.length);
    await this.#readTexts(page, places);
    let at = 0;
    const work = async () => {
      while (at < places.length) {
        const place = places[at++]!;
        const step = steps[place]!;
        const row = page[place]!;
        if (step.kind !== 'score') continue;
        if (row.text === null) {
          this.#erased++;
          continue;
        }
        const model = await this.#open(step.model);
        const answer = model === null ? undefined : await model.score(row.text).catch(() => undefined);
        if (answer === undefined) this.#unavailable++;
        else {
          this.#rescored++;
          answers[place] = answer;
        }
        this.#context.signal.throwIfAborted();
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, places.length) }, work));
    return answers;
  }

  /** Reads the inputs of a page whose rows mostly need none. */
  async #readTexts(page: Recorded[], places: readonly number[]): Promise<void> {
    const missing = places.filter((place) => page[place]!.text === null && !page[place]!.erased);
    if (missing.length === 0) return;
    const { workspace, task } = this.#replay;
    const [first, last] = [page[missing[0]!]!, page[missing.at(-1)!]!];
    const span = { task, from: first.at, to: last.at + 1, size: Number.MAX_SAFE_INTEGER };
    const byId = new Map(missing.map((place) => [page[place]!.id, page[place]!]));
    for (let after = ''; ; ) {
      const rows = await this.#ports.records.decisions(workspace, span, { after, limit: PAGE, payload: true });
      for (const { id, payload } of rows) {
        const row = byId.get(id);
        if (row !== undefined && payload !== null) row.text = textOf(payload);
      }
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.id;
    }
  }

  #open({ model, version }: { model: string; version: string }): Promise<OpenModel | null> {
    const key = `${model} ${version}`;
    let opening = this.#models.get(key);
    if (opening === undefined) {
      opening = this.#ports.rooms.open(this.#replay.workspace, model, version);
      this.#models.set(key, opening);
    }
    return opening;
  }

  #compare(row: Recorded, again: Again, exact: boolean): void {
    const same =
      row.outcome === again.outcome &&
      row.label === again.label &&
      (!exact || (row.confidence === again.confidence && row.threshold === again.threshold));
    if (same) {
      this.#compared.identical++;
      return;
    }
    this.#compared.different++;
    if (row.outcome !== again.outcome) {
      this.#compared[again.outcome === 'automated' ? 'newly_automated' : 'newly_reviewed']++;
    } else if (row.label !== again.label) this.#compared.other_label++;
    const fields = exact ? (['outcome', 'label', 'confidence', 'threshold'] as const) : (['outcome', 'label'] as const);
    for (const field of fields) {
      if (row[field] === again[field]) continue;
      if (this.#differences.length >= SHOWN) return;
      // A copy: the id is a piece of its whole page, which it would keep in memory.
      const decision = Buffer.from(row.id, 'latin1').toString('latin1');
      this.#differences.push({ decision, field, recorded: row[field], replayed: again[field] });
    }
  }
}

/** Verdicts to their decisions; both in order of the decision's id. */
function join(page: readonly Recorded[], verdicts: readonly Verdict[]): void {
  let at = 0;
  for (const row of page) {
    while (at < verdicts.length && verdicts[at]!.decision < row.id) at++;
    const first = at;
    while (at < verdicts.length && verdicts[at]!.decision === row.id) at++;
    if (at > first) addVerdicts(row, verdicts, first, at);
  }
}

function economicsOf({ definition: { economics } }: Task): Economics {
  return {
    currency: economics.currency,
    minutesPerItem: economics.minutes_per_item,
    costPerHour: economics.cost_per_hour,
    costOfError: economics.cost_of_error,
    infrastructurePerMonth: '0.00',
  };
}

function methodOf({ what }: Replay): string[] {
  const method = [
    'Truth is what audits found (of automated decisions) and what reviewers said (of those left to people); each stands for as many decisions as it was drawn from. Feedback that nobody drew is not used.',
    'A verdict takes as long as verdicts took in the window; costs leave infrastructure out, as no change here moves it.',
  ];
  if (changesNothing(what)) {
    return [
      'Every input was scored again by the version that decided it, and settled by the rule, labels and certificate that its row names; outcome, label, confidence and threshold are compared. That a model was missing or could not answer is taken from the record.',
      ...method,
    ];
  }
  if (what.modelVersion !== null) {
    return ['Every input was scored by the version asked for. The cost of models is as recorded.', ...method];
  }
  return [
    'Recorded scores are compared with the other threshold; inputs are scored again only where their score was computed in another way.',
    ...method,
  ];
}
