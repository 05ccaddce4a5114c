import { isDeepStrictEqual } from 'node:util';
import { type Certificate, type ScoreFunction, scoreOf, settle, type Task } from '@understudy/decisions';
import type { FittedThreshold, ReplayRooms, Scores } from './ports.ts';
import type { Recorded } from './recorded.ts';
import { changesNothing, type What } from './replay.ts';

/** A decision made again. */
export interface Again {
  outcome: 'automated' | 'review';
  label: string | null;
  confidence: number | null;
  threshold: number | null;
}

/**
 * How one row is made again: at once from what was recorded, or from a new answer of a model. `fallback` counts when
 * the answer cannot be had.
 */
export type Step =
  | { kind: 'decided'; again: Again }
  | {
      kind: 'score';
      model: { model: string; version: string };
      settle(answer: Scores): Again;
      fallback: Again;
    };

/** Under what a version's decisions were made again, for the result. */
export interface Configuration {
  version: string | null;
  threshold: number | null;
  status: string;
  note: string | null;
  decisions: number;
}

const TOP: ScoreFunction = { kind: 'top_probability' };
const review = (threshold: number | null): Again => ({ outcome: 'review', label: null, confidence: null, threshold });

/**
 * The rule of one replay. With no change: the rule, the certificate, the labels and the model version that each row
 * names; with a change: the threshold asked for, or the one that the budget certifies for the version that decides.
 */
export class Redecider {
  readonly #rooms: ReplayRooms;
  readonly #workspace: string;
  readonly #task: Task;
  readonly #what: What;
  readonly #labels = new Map<number, ReadonlySet<string>>();
  readonly #certificates = new Map<string, Certificate | null>();
  readonly #fits = new Map<string, FittedThreshold | null>();
  readonly configurations = new Map<string, Configuration>();
  #last: Configuration | null = null;

  constructor(options: { rooms: ReplayRooms; workspace: string; task: Task; what: What }) {
    this.#rooms = options.rooms;
    this.#workspace = options.workspace;
    this.#task = options.task;
    this.#what = options.what;
  }

  /** Whether every row needs its text. */
  get needsText(): boolean {
    return changesNothing(this.#what) || this.#what.modelVersion !== null;
  }

  /** Looks up what a page of rows needs, once for all rows that name the same. */
  async prepare(rows: readonly Recorded[]): Promise<void> {
    for (const { certificate, revision, decidedBy } of rows) {
      if (certificate !== null && !this.#certificates.has(certificate)) {
        this.#certificates.set(certificate, await this.#rooms.certificate(this.#workspace, certificate));
      }
      if (!this.#labels.has(revision)) {
        const labels = await this.#rooms.labelsAt(this.#workspace, this.#task.id, revision);
        this.#labels.set(revision, new Set(labels ?? []));
      }
      const version = this.#what.modelVersion ?? decidedBy?.version;
      if (version === undefined || this.#what.threshold !== null || changesNothing(this.#what)) continue;
      if (!this.#fits.has(version)) this.#fits.set(version, await this.#fit(version));
    }
  }

  #fit(version: string): Promise<FittedThreshold | null> {
    const { max_error: maxError, confidence } = this.#task.definition.error_budget;
    return this.#rooms.fit(this.#workspace, this.#task, version, {
      maxError: this.#what.maxError ?? maxError,
      confidence: this.#what.confidence ?? confidence,
    });
  }

  step(row: Recorded): Step {
    if (changesNothing(this.#what)) return this.#asItWas(row);
    if (this.#what.modelVersion !== null) return this.#byVersion(row, this.#what.modelVersion);
    return this.#byThreshold(row);
  }

  #asItWas(row: Recorded): Step {
    const certificate = row.certificate === null ? null : (this.#certificates.get(row.certificate) ?? null);
    this.#count(row.decidedBy?.version ?? null, row.threshold, row.automation, null);
    const recorded = asRecorded(row);
    // No model took part: that there was none, or none that could answer, is taken from the record.
    if (row.decidedBy === null) return { kind: 'decided', again: recorded };
    const labelSet = this.#labels.get(row.revision)!;
    const automation =
      row.automation === 'uncertified'
        ? { mode: 'uncertified' as const, min_confidence: row.threshold ?? 0 }
        : { mode: row.automation };
    const task = { ...this.#task, definition: { ...this.#task.definition, automation } } as Task;
    return {
      kind: 'score',
      model: row.decidedBy,
      settle: (answer) => settle({ task, certificate, labelSet }, { ...answer, microseconds: 0 }),
      fallback: recorded,
    };
  }

  #byVersion(row: Recorded, version: string): Step {
    const { fitted, threshold } = this.#thresholdOf(version);
    this.#count(version, threshold, fitted?.status ?? 'as_asked', noteOf(fitted, this.#what));
    const labelSet = new Set(this.#task.definition.labels.map(({ name }) => name));
    return {
      kind: 'score',
      model: { model: row.decidedBy?.model ?? this.#task.slug, version },
      settle: (answer) =>
        judge(scoreOf(fitted?.score ?? TOP, answer.labels, answer.probabilities, labelSet), threshold),
      fallback: review(threshold),
    };
  }

  #byThreshold(row: Recorded): Step {
    const version = row.decidedBy?.version ?? null;
    if (version === null || row.confidence === null) {
      this.#count(version, null, 'no_model', null);
      return { kind: 'decided', again: review(null) };
    }
    const { fitted, threshold } = this.#thresholdOf(version);
    this.#count(version, threshold, fitted?.status ?? 'as_asked', noteOf(fitted, this.#what));
    const label = row.label ?? row.suggestion;
    const again = judge(label === null ? null : { label, score: row.confidence }, threshold);
    if (threshold === null || this.#what.threshold !== null || this.#sameScale(row, fitted!)) {
      return { kind: 'decided', again };
    }
    const labelSet = this.#labels.get(row.revision)!;
    return {
      kind: 'score',
      model: row.decidedBy!,
      settle: (answer) => judge(scoreOf(fitted!.score, answer.labels, answer.probabilities, labelSet), threshold),
      fallback: review(threshold),
    };
  }

  #thresholdOf(version: string): { fitted: FittedThreshold | null; threshold: number | null } {
    if (this.#what.threshold !== null) return { fitted: null, threshold: this.#what.threshold };
    const fitted = this.#fits.get(version) ?? null;
    return { fitted, threshold: fitted?.threshold ?? null };
  }

  /** Whether the recorded confidence was computed as the fitted threshold expects it. */
  #sameScale({ certificate, automation }: Recorded, fitted: FittedThreshold): boolean {
    const used = automation === 'certified' && certificate !== null ? this.#certificates.get(certificate) : null;
    return isSameScore(used?.score ?? TOP, fitted.score);
  }

  #count(version: string | null, threshold: number | null, status: string, note: string | null): void {
    // Neighbours mostly share it, and building the key for each row costs more than the rest of the rule.
    const last = this.#last;
    if (last !== null && last.version === version && last.threshold === threshold && last.status === status) {
      last.decisions++;
      return;
    }
    const key = `${version} ${threshold} ${status}`;
    const known = this.configurations.get(key);
    if (known !== undefined) known.decisions++;
    else this.configurations.set(key, { version, threshold, status, note, decisions: 1 });
    this.#last = this.configurations.get(key)!;
  }
}

const same = new WeakMap<ScoreFunction, WeakMap<ScoreFunction, boolean>>();

function isSameScore(a: ScoreFunction, b: ScoreFunction): boolean {
  if (a === b || (a.kind === 'top_probability' && b.kind === 'top_probability')) return true;
  let known = same.get(a);
  if (known === undefined) {
    known = new WeakMap();
    same.set(a, known);
  }
  let result = known.get(b);
  if (result === undefined) {
    result = isDeepStrictEqual(a, b);
    known.set(b, result);
  }
  return result;
}

function judge(best: { label: string; score: number } | null, threshold: number | null): Again {
  if (best === null) return review(threshold);
  const automated = threshold !== null && best.score >= threshold;
  return {
    outcome: automated ? 'automated' : 'review',
    label: automated ? best.label : null,
    confidence: best.score,
    threshold,
  };
}

export function asRecorded({ outcome, label, confidence, threshold }: Recorded): Again {
  return { outcome, label, confidence, threshold };
}

function noteOf(fitted: FittedThreshold | null, what: What): string | null {
  if (what.threshold !== null) return 'The threshold is as asked for: nothing certifies it.';
  if (fitted === null) return 'The version has no stored scores to fit a threshold to: everything goes to people.';
  return fitted.threshold === null ? (fitted.reason ?? 'Not certifiable: everything goes to people.') : null;
}
