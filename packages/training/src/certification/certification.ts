import { type Certificate, type ScoreFunction, scoreOf, shapeOf } from '@understudy/decisions';
import { type Clock, isUnderstudyError, type Principal } from '@understudy/kernel';
import { trainingErrors } from '../errors.ts';
import { fingerprintOf, hash48 } from '../fingerprint.ts';
import { readHeldOut } from '../held-out-file.ts';
import type { DatasetRow, Datasets, ModelRegistry, RegisteredVersion, Scorer } from '../ports.ts';
import type { TrainedModel } from '../trainer.ts';
import { type CertifyFileRow, type PreparedData, readCertifyRows, readRows } from '../training-files.ts';
import type { Budget } from './budget.ts';
import { DIAL, type DialPosition, positionOf } from './dial.ts';
import { draftOf, samplingOf } from './draft.ts';
import { certifier, fitCertificate } from './fit-certificate.ts';
import { fitScore, type TuneRow } from './fit-score.ts';
import type {
  CertifiableTask,
  CertifiableTasks,
  CertificateIssuer,
  CertificationStore,
  StoredScores,
  Traffic,
} from './ports.ts';
import { scoreCertifyRows } from './score-certify-rows.ts';
import type { ScoredTuneRow } from './scored-rows.ts';
import { riskCurve } from './threshold-order.ts';

/** Who asked, for the audit log. */
export interface AskedBy {
  id: string;
  requestId: string;
}

/** A model version that has just been trained, with the files of its run. */
export interface TrainedVersion {
  workspace: string;
  task: string;
  version: RegisteredVersion;
  dataset: string;
  model: TrainedModel;
  prepared: PreparedData;
}

/** What a task's certification says now. */
export interface CertificationStatus {
  task: CertifiableTask;
  champion: RegisteredVersion | null;
  /** The latest word about the champion; null when it was never certified. */
  certificate: Certificate | null;
  /** Whether serving automates by it: status, budget, revision and version all match. */
  inForce: boolean;
  scores: StoredScores | null;
}

export interface Preview {
  present: DialPosition;
  asked: DialPosition | null;
  dial: DialPosition[];
  monthlyDecisions: number | null;
  version: string;
  currency: string;
}

interface Ports {
  tasks: CertifiableTasks;
  datasets: Datasets;
  registry: Pick<ModelRegistry, 'champion'>;
  scorer: Scorer;
  store: CertificationStore;
  certificates: CertificateIssuer;
  traffic: Traffic;
  clock: Clock;
}

/** Of texts that are held while a dataset is read. */
const MOST_CHARACTERS = 20_000_000;
/** How far back suspensions are looked for. */
const HISTORY = 200;

/**
 * Certifying model versions: after a run, on demand with fresh labels, and at once for a new budget from stored scores.
 * Each certification spends its own δ.
 */
export class Certification {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * Tunes the score of a new version on rows that were held out from its fit, scores the certify rows of the run with
   * the model as it will serve, and issues the certificate (or that none can be given yet).
   */
  async afterRun(trained: TrainedVersion, by: AskedBy): Promise<Certificate> {
    const { workspace, version, prepared, model } = trained;
    const task = await this.#ports.tasks.task(workspace, trained.task);
    const { labels } = prepared.data;
    const known = new Set(task.labels);
    const opened = await this.#open(workspace, version);
    try {
      const score = (text: string) => opened.score(text);
      const tuned = await tuneScore(model, prepared, labels, score);
      const tune = tuned.rows;
      const { rows, digest } = await scoreCertifyRows(
        readCertifyRows(prepared.certifyPath),
        labels,
        known,
        score,
        tuned.score,
      );
      const scores = this.#stored(task, workspace, version, {
        dataset: trained.dataset,
        rowsDigest: digest,
        score: tuned.score,
        byTime: prepared.byTime,
        tune,
        rows,
      });
      await this.#ports.store.save(scores, prepared.seen);
      return await this.#issue(task, scores, by);
    } finally {
      await opened.close();
    }
  }

  /**
   * Certifies the champion again, on the labels as they stand now: the rows of its run, and every row that has come
   * since, none of which it has seen. Throws task_not_found, nothing_to_certify, dataset_empty, model_unavailable.
   */
  async certify(principal: Principal, slug: string, requestId: string): Promise<Certificate> {
    const { workspace } = principal;
    const { task, champion, scores } = await this.status(workspace, slug);
    if (champion === null || scores === null) throw nothingToCertify(slug, champion);
    const seen = await this.#ports.store.seen(workspace, task.id, champion.model, champion.version);
    const dataset = await this.#ports.datasets.snapshot(principal, slug);
    const labels = [...task.labels];
    const fresh = this.#unseenRows(workspace, slug, dataset.id, labels, new Set(seen ?? []));
    const opened = await this.#open(workspace, champion);
    try {
      const { rows, digest } = await scoreCertifyRows(
        fresh,
        labels,
        new Set(labels),
        (text) => opened.score(text),
        scores.score,
      );
      const renewed = this.#stored(task, workspace, champion, {
        dataset: dataset.id,
        rowsDigest: digest,
        score: scores.score,
        byTime: scores.byTime,
        tune: scores.tune,
        rows,
      });
      await this.#ports.store.save(renewed, null);
      return await this.#issue(task, renewed, { id: principal.id, requestId });
    } finally {
      await opened.close();
    }
  }

  /**
   * Fits the task's present budget to the champion's stored scores and issues the result: milliseconds, without the
   * model. Call it after the budget changed and after another version was promoted. Null where there are no scores.
   */
  async refit(workspace: string, slug: string, by: AskedBy): Promise<Certificate | null> {
    const { task, scores } = await this.status(workspace, slug);
    return scores === null ? null : this.#issue(task, scores, by);
  }

  /** {@link refit}, unless a certificate for just this budget and version is there already, of whatever status. */
  async ensure(workspace: string, slug: string, by: AskedBy): Promise<void> {
    const { task, certificate, scores } = await this.status(workspace, slug);
    // Labels that the rows do not have are no question of the threshold: that takes new rows.
    if (scores === null || scores.taskRevision !== task.revision) return;
    if (certificate === null || !sameBudget(certificate, task)) await this.#issue(task, scores, by);
  }

  /**
   * After a task was created, edited or deleted, or a version promoted: fits again where that changed what is certified.
   * A task that is gone needs nothing.
   */
  async afterEdit(workspace: string, slug: string, by: AskedBy = { id: 'task', requestId: '' }): Promise<void> {
    try {
      await this.ensure(workspace, slug, by);
    } catch (error) {
      if (!(isUnderstudyError(error) && error.code === 'task_not_found')) throw error;
    }
  }

  async status(workspace: string, slug: string): Promise<CertificationStatus> {
    const { tasks, registry, certificates, store } = this.#ports;
    const task = await tasks.task(workspace, slug);
    const champion = await registry.champion(workspace, task);
    if (champion === null) return { task, champion, certificate: null, inForce: false, scores: null };
    const { model, version } = champion;
    const [certificate, scores] = await Promise.all([
      certificates.current(workspace, task.id, model, version),
      store.find(workspace, task.id, model, version),
    ]);
    const inForce = certificate !== null && certificate.status === 'certified' && sameBudget(certificate, task);
    return { task, champion, certificate, inForce, scores };
  }

  /** What to expect of other budgets, before any is confirmed: issues nothing. Throws task_not_found, nothing_to_certify. */
  async preview(
    workspace: string,
    slug: string,
    asked: { maxError?: number | undefined; confidence?: number | undefined },
  ): Promise<Preview> {
    const { task, champion, scores } = await this.status(workspace, slug);
    if (champion === null || scores === null) throw nothingToCertify(slug, champion);
    const sampling = samplingOf(task, this.#ports.clock.now(), await this.#shiftAt(workspace, task));
    const fit = certifier(scores.rows, { tune: scores.tune, sampling });
    const monthlyDecisions = await this.#ports.traffic.lastMonth(workspace, task.id);
    const at = (budget: Budget) => positionOf(budget, fit(budget), task, monthlyDecisions || null);
    const wanted: Budget = {
      maxError: asked.maxError ?? task.budget.maxError,
      confidence: asked.confidence ?? task.budget.confidence,
    };
    const errors = [...new Set([...DIAL, task.budget.maxError])].sort((a, b) => a - b);
    return {
      present: at(task.budget),
      asked: asked.maxError === undefined && asked.confidence === undefined ? null : at(wanted),
      dial: errors.map((maxError) => at({ maxError, confidence: wanted.confidence })),
      monthlyDecisions,
      version: champion.version,
      currency: task.economics.currency,
    };
  }

  #open(workspace: string, version: RegisteredVersion) {
    const { model, version: number, format, artifact } = version;
    return this.#ports.scorer.open(workspace, { key: `certification/${model}/${number}`, format, artifact });
  }

  #stored(
    task: CertifiableTask,
    workspace: string,
    { model, version }: RegisteredVersion,
    made: Pick<StoredScores, 'dataset' | 'rowsDigest' | 'score' | 'byTime' | 'tune' | 'rows'>,
  ): StoredScores {
    const scoredAt = this.#ports.clock.now();
    return { workspace, taskId: task.id, taskRevision: task.revision, model, version, scoredAt, ...made };
  }

  async #issue(task: CertifiableTask, scores: StoredScores, by: AskedBy): Promise<Certificate> {
    const sampling = samplingOf(task, this.#ports.clock.now(), await this.#shiftAt(scores.workspace, task));
    const fitted = fitCertificate(scores.rows, task.budget, { tune: scores.tune, sampling });
    return this.#ports.certificates.issue(draftOf(task, scores, task.budget, fitted, sampling), by);
  }

  /** The last moment at which the audit found the budget broken: rows from before it no longer speak for what comes. */
  async #shiftAt(workspace: string, task: CertifiableTask): Promise<number | null> {
    const history = await this.#ports.certificates.history(workspace, task.id, HISTORY);
    const moments = history.flatMap(({ suspension }) => (suspension === null ? [] : [suspension.at]));
    return moments.length === 0 ? null : Math.max(...moments);
  }

  /**
   * The rows of a dataset of which no text of the same group was seen; labels that are gone are left out. Whether a group
   * was seen is known at the end only: what is left is kept meanwhile, or read again where that would be too much.
   */
  async *#unseenRows(
    workspace: string,
    slug: string,
    dataset: string,
    labels: readonly string[],
    seen: ReadonlySet<number>,
  ): AsyncGenerator<CertifyFileRow> {
    const { datasets } = this.#ports;
    const seenGroups = new Set<string>();
    let kept: DatasetRow[] | null = [];
    let characters = 0;
    for await (const row of datasets.rows(workspace, slug, dataset)) {
      if (seen.has(fingerprintOf(row.text))) seenGroups.add(row.group);
      else if (kept !== null) {
        kept.push(row);
        characters += row.text.length;
        if (characters > MOST_CHARACTERS) kept = null;
      }
    }
    const indexOf = new Map(labels.map((label, index) => [label, index]));
    for await (const row of kept ?? datasets.rows(workspace, slug, dataset)) {
      const label = indexOf.get(row.label);
      if (label !== undefined && !seenGroups.has(row.group)) yield fileRow(row, label);
    }
  }
}

const fileRow = ({ group, ...row }: DatasetRow, label: number): CertifyFileRow => ({
  ...row,
  label,
  group: hash48(group),
});

function sameBudget(certificate: Certificate, task: CertifiableTask): boolean {
  return (
    certificate.maxError === task.budget.maxError &&
    certificate.confidence === task.budget.confidence &&
    certificate.taskRevision === task.revision
  );
}

function nothingToCertify(slug: string, champion: RegisteredVersion | null) {
  return trainingErrors.nothing_to_certify(
    champion === null
      ? `the task ${slug} has no model yet: train one first`
      : `version ${champion.version} was trained before certification was there: train a new one`,
  );
}

/** The score from rows that were held out, by their trainer or from it, and these rows scored. */
async function tuneScore(
  model: TrainedModel,
  prepared: PreparedData,
  labels: readonly string[],
  score: (text: string) => Promise<{ labels: readonly string[]; probabilities: Float32Array }>,
): Promise<{ score: ScoreFunction; rows: ScoredTuneRow[] }> {
  const known = new Set(labels);
  const answers: { probabilities: Float32Array; labels: readonly string[]; truth: string }[] = [];
  if (model.heldOut !== null) {
    const held = await readHeldOut(model.heldOut.path, labels.length);
    for (const [row, truth] of held.truths.entries()) {
      const probabilities = held.probabilities.subarray(row * labels.length, (row + 1) * labels.length);
      answers.push({ probabilities, labels, truth: labels[truth]! });
    }
  }
  for await (const row of readRows(prepared.holdoutPath)) {
    answers.push({ ...(await score(row.text)), truth: labels[row.label]! });
  }
  const tuned = fitScore(
    answers.map(({ probabilities, truth, labels: own }): TuneRow => {
      const shape = shapeOf(probabilities);
      return { ...shape, top: labels.indexOf(own[shape.top]!), right: own[shape.top] === truth };
    }),
    labels,
  );
  const rows = answers.map(({ probabilities, truth, labels: own }) => {
    const answer = scoreOf(tuned, own, probabilities, known)!;
    return { score: answer.score, right: answer.label === truth };
  });
  return { score: tuned, rows };
}

/** Thresholds of the certify rows with coverage and error above each, for a picture; nothing is decided by it. */
export function pictureOf(scores: StoredScores): { threshold: number; coverage: number; error: number }[] {
  const curve = riskCurve(scores.rows.map(({ score, wrong }) => ({ score, right: !wrong })));
  const every = Math.max(1, Math.ceil(curve.length / 100));
  return curve.filter((_, index) => index % every === 0 || index === curve.length - 1);
}
