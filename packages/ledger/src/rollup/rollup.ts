import type { Clock, Tx } from '@understudy/kernel';
import type { RecordedDecision, RecordedLabel } from '../decision-view.ts';
import type { FeedConsumer, FeedEntry } from '../feed.ts';
import { authority } from '../truth.ts';
import { FINE_KEPT_MS, FINE_MS } from './buckets.ts';
import { type CounterKey, cellsOf, countsOf, type Known, sectionOf } from './contribution.ts';
import type { AuditDraw, RollupDelta, RollupStorage } from './rollup-ports.ts';

const HOUR_MS = 3_600_000;

/**
 * Derives the figures from the ledger's rows, in ledger order. Rebuilding gives the same figures. Fine buckets are kept
 * for some hours only: everything about the hours that may be read is counted, whenever that happens, and what is older
 * is trimmed once an hour.
 */
export class Rollup implements FeedConsumer {
  readonly name = 'rollup';
  readonly #storage: RollupStorage;
  readonly #draw: AuditDraw;
  readonly #clock: Clock;
  /** The hour in which each workspace was trimmed last. */
  readonly #trimmed = new Map<string, number>();

  constructor(ports: { storage: RollupStorage; draw: AuditDraw; clock: Clock }) {
    this.#storage = ports.storage;
    this.#draw = ports.draw;
    this.#clock = ports.clock;
  }

  async apply(tx: Tx, workspace: string, entries: readonly FeedEntry[]): Promise<void> {
    const isDrawn = await this.#draw(tx, workspace);
    const drawn = ({ id, label, audit }: RecordedDecision) =>
      label !== null && audit !== null && isDrawn(id, audit.probability);
    const about = entries.flatMap((entry) => (entry.kind === 'label' ? [entry.decision.id] : []));
    const known = about.length === 0 ? new Map<string, Known>() : await this.#storage.known(tx, workspace, about);
    const changed = new Map<string, Known>();
    const fineFrom = this.#clock.now() - FINE_KEPT_MS;
    const sums = new DeltaSums(fineFrom);
    for (const entry of entries) {
      if (entry.kind === 'decision') {
        const { decision } = entry;
        for (const [key, n] of countsOf(decision, drawn(decision))) sums.add(decision, timeOf(decision), key, n);
      } else if (entry.kind === 'label') {
        const { decision, label } = entry;
        countLabel(sums, decision, label, entry.at);
        const before = changed.get(decision.id) ?? known.get(decision.id);
        const after = learn(before, label);
        if (after === before) continue;
        changed.set(decision.id, after);
        const isOne = drawn(decision);
        for (const cell of cellsOf(decision, isOne, before)) sums.add(decision, timeOf(decision), cell, -1n);
        for (const cell of cellsOf(decision, isOne, after)) sums.add(decision, timeOf(decision), cell, 1n);
      }
    }
    const deltas = sums.all();
    if (deltas.length > 0) await this.#storage.add(tx, workspace, deltas);
    if (changed.size > 0) await this.#storage.keep(tx, workspace, changed);
    await this.#trim(tx, workspace, fineFrom);
  }

  async #trim(tx: Tx, workspace: string, before: number): Promise<void> {
    const hour = Math.floor(before / HOUR_MS);
    if (this.#trimmed.get(workspace) === hour) return;
    await this.#storage.trim(tx, workspace, before);
    this.#trimmed.set(workspace, hour);
  }

  reset(tx: Tx, workspace: string): Promise<void> {
    return this.#storage.clear(tx, workspace);
  }
}

const timeOf = (decision: RecordedDecision) => Date.parse(decision.created_at);

/** Adds a label to what is known; the same object when it changes nothing. The rule is that of `truthOf`. */
function learn(before: Known | undefined, label: RecordedLabel): Known {
  const known = before ?? { authority: 0, label: '', labelId: '', audited: false, imported: false };
  const weight = authority(label);
  const audited = known.audited || (label.source === 'audit' && !label.echo);
  const imported = known.imported || (label.source === 'import' && !label.echo);
  const wins = weight > known.authority || (weight === known.authority && weight > 0 && label.id > known.labelId);
  if (wins) return { authority: weight, label: label.label, labelId: label.id, audited, imported };
  const same = audited === known.audited && imported === known.imported;
  return same && before !== undefined ? before : { ...known, audited, imported };
}

function countLabel(sums: DeltaSums, decision: RecordedDecision, label: RecordedLabel, at: number): void {
  const source = label.echo ? 'echo' : label.source;
  const decidedAt = timeOf(decision);
  sums.add(decision, decidedAt, ['l', source], 1n);
  sums.add(decision, at, ['g', source], 1n);
  if (source !== 'reviewer' && source !== 'audit') return;
  if (label.seconds === null) sums.add(decision, decidedAt, ['u', source], 1n);
  else sums.add(decision, decidedAt, ['s', source], BigInt(Math.round(label.seconds * 1000)));
}

class DeltaSums {
  readonly #sums = new Map<string, RollupDelta>();
  readonly #fineFrom: number;

  constructor(fineFrom: number) {
    this.#fineFrom = fineFrom;
  }

  add(decision: RecordedDecision, at: number, key: CounterKey, n: bigint): void {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    const section = sectionOf(key);
    const fine = section === 'summary' && at >= this.#fineFrom ? Math.floor(at / FINE_MS) * FINE_MS : null;
    const modelVersion = decision.decided_by?.version ?? '';
    const text = JSON.stringify(key);
    const place = `${decision.task.id} ${fine ?? hour} ${modelVersion} ${text}`;
    const known = this.#sums.get(place);
    if (known !== undefined) known.n += n;
    else {
      const { id: taskId, slug: task } = decision.task;
      this.#sums.set(place, { taskId, task, hour, fine, modelVersion, section, key: text, n });
    }
  }

  all(): RollupDelta[] {
    return [...this.#sums.values()].filter(({ n }) => n !== 0n);
  }
}
