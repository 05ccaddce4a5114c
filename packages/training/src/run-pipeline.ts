import { join } from 'node:path';
import type { Certificate } from '@understudy/decisions';
import { actingFor, isUnderstudyError } from '@understudy/kernel';
import type { AskedBy, TrainedVersion } from './certification/certification.ts';
import { type Choice, type Contender, choose } from './choose.ts';
import { compare } from './compare.ts';
import { trainingErrors } from './errors.ts';
import { type EvaluationReport, evaluate, type ScoredRow } from './evaluation.ts';
import type {
  ArtifactStore,
  Datasets,
  ModelRegistry,
  RegisteredVersion,
  RunEnd,
  Scorer,
  TaskSource,
  TrainableTask,
} from './ports.ts';
import type { Run } from './run.ts';
import { scoreRows } from './score-rows.ts';
import type { TrainedModel, Trainer, TrainProgress } from './trainer.ts';
import { type PreparedData, prepareData } from './training-files.ts';

export interface PipelineContext {
  directory: string;
  signal: AbortSignal;
  progress(update: TrainProgress): void;
  log(line: string): void;
}

export interface PipelinePorts {
  tasks: TaskSource;
  datasets: Datasets;
  trainers: readonly Trainer[];
  artifacts: ArtifactStore;
  registry: ModelRegistry;
  scorer: Scorer;
  /** Certifies what was trained; absent: nothing is. */
  certification?: {
    afterRun(trained: TrainedVersion, by: AskedBy): Promise<Certificate>;
    /** Whether the champion automates by a certificate that is in force. */
    status(workspace: string, slug: string): Promise<{ inForce: boolean }>;
  };
  threads: number;
  memoryLimitBytes: number;
}

type Made = Pick<RunEnd, 'dataset' | 'trainer' | 'modelVersion' | 'metrics' | 'promotion'>;

/** Where each stage stands on the run's one progress bar. */
const TRAIN_FROM = 0.05;
const TRAIN_TO = 0.9;

/** snapshot → split → train (→ choose) → evaluate on held-out rows → register → certify → promote, keep or refuse. */
export class RunPipeline {
  readonly #ports: PipelinePorts;

  constructor(ports: PipelinePorts) {
    this.#ports = ports;
  }

  async run(run: Run, context: PipelineContext): Promise<Made> {
    const startedAt = performance.now();
    const task = await this.#ports.tasks.task(run.workspace, run.task);
    context.progress({ phase: 'snapshot', fraction: 0 });
    const dataset = await this.#dataset(run, context);
    context.progress({ phase: 'split', fraction: 0.02 });
    const prepared = await prepareData(
      () => this.#ports.datasets.rows(run.workspace, run.task, dataset.id),
      run.seed,
      context.directory,
      context.signal,
      task.id,
    );
    context.log(
      `dataset ${dataset.id}: ${dataset.rows} rows, ${prepared.data.labels.length} labels; ` +
        `${prepared.data.rows} to learn from, ${prepared.holdoutRows} held out to evaluate, ` +
        `${prepared.certifyRows}${prepared.byTime ? ' (the newest)' : ''} to certify`,
    );
    const contenders = await this.#train(run, task, prepared, context);
    const choice = choose(contenders);
    if (run.trainer === 'auto') context.log(choice.reason);
    context.signal.throwIfAborted();
    return this.#keep(run, task, dataset.id, prepared, choice, context, startedAt);
  }

  #dataset(run: Run, context: PipelineContext) {
    if (run.dataset !== null) return this.#ports.datasets.find(run.workspace, run.task, run.dataset);
    context.log('taking a snapshot of the task’s examples');
    return this.#ports.datasets.snapshot(actingFor(run.workspace, run.requestedBy), run.task);
  }

  async #train(run: Run, task: TrainableTask, prepared: PreparedData, context: PipelineContext): Promise<Contender[]> {
    const { trainers } = this.#ports;
    const able = trainers.filter(
      ({ capabilities }) =>
        capabilities.kinds.includes(task.kind) &&
        prepared.data.labels.length <= capabilities.maxLabels &&
        prepared.data.rows <= capabilities.maxRows,
    );
    const used = run.trainer === 'auto' ? able : able.filter((trainer) => trainer.name === run.trainer);
    if (used.length === 0) {
      throw trainingErrors.unknown_trainer(
        `the trainer ${run.trainer} cannot learn ${prepared.data.rows} rows of ${prepared.data.labels.length} labels`,
      );
    }
    const contenders: Contender[] = [];
    const failures: unknown[] = [];
    // The slow trainer gets the larger part of the bar.
    const weights = used.map((trainer) => (trainer.name === 'linear' ? 1 : 6));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let from = TRAIN_FROM;
    for (const [index, trainer] of used.entries()) {
      const to = from + ((TRAIN_TO - TRAIN_FROM) * weights[index]!) / total;
      try {
        const model = await this.#trainOne(trainer, run, prepared, context, from, to);
        contenders.push({ trainer: trainer.name, model });
      } catch (error) {
        if (context.signal.aborted || used.length === 1) throw error;
        context.log(`${trainer.name} could not learn this task: ${error instanceof Error ? error.message : error}`);
        failures.push(error);
      }
      from = to;
    }
    if (contenders.length === 0) throw failures[0];
    return contenders;
  }

  async #trainOne(
    trainer: Trainer,
    run: Run,
    prepared: PreparedData,
    context: PipelineContext,
    from: number,
    to: number,
  ): Promise<TrainedModel> {
    const model = await trainer.train(
      {
        kind: 'text_classification',
        data: prepared.data,
        parameters: run.parameters,
        seed: run.seed,
        threads: this.#ports.threads,
        memoryLimitBytes: this.#ports.memoryLimitBytes,
        outputPath: join(context.directory, `${trainer.name}.model`),
      },
      {
        signal: context.signal,
        log: (line) => context.log(`${trainer.name}: ${line}`),
        progress: ({ phase, fraction, detail }) =>
          context.progress({
            phase: `${trainer.name}: ${phase}`,
            fraction: from + (to - from) * fraction,
            ...(detail === undefined ? {} : { detail }),
          }),
      },
    );
    context.log(
      `${trainer.name}: validation accuracy ${(100 * model.validation.accuracy).toFixed(2)} % on ` +
        `${model.validation.rows} rows, ${model.durationSeconds.toFixed(1)} s`,
    );
    return model;
  }

  async #keep(
    run: Run,
    task: TrainableTask,
    dataset: string,
    prepared: PreparedData,
    choice: Choice,
    context: PipelineContext,
    startedAt: number,
  ): Promise<Made> {
    const { artifacts, registry } = this.#ports;
    const { trainer, model } = choice.chosen;
    const { labels } = prepared.data;
    context.progress({ phase: 'evaluate', fraction: TRAIN_TO });
    const key = `models/${run.workspace}/${task.slug}/${model.sha256}`;
    const stored = await artifacts.put(key, model.path);
    if (stored.sha256 !== model.sha256) {
      throw trainingErrors.training_failed('the model file changed between training and storing');
    }
    const artifact = { key, format: model.format, ...stored };
    const scored = await this.#score(
      run,
      prepared,
      { key: `training/${run.id}`, format: model.format, artifact },
      labels,
    );
    const report = evaluate(scored, labels);
    const metrics = {
      ...report,
      evaluated_on: 'holdout',
      validation: model.validation,
      trainer,
      trainers_compared: choice.scores,
      chosen_because: choice.reason,
      duration_seconds: Math.round(performance.now() - startedAt) / 1000,
      peak_memory_bytes: model.peakMemoryBytes,
      artifact_bytes: model.bytes,
      microseconds_per_prediction: model.microsecondsPerPrediction,
      rows_learnt_from: prepared.data.rows,
    };
    context.signal.throwIfAborted();
    context.progress({ phase: 'register', fraction: 0.97 });
    const champion = await registry.champion(run.workspace, task);
    const version = await registry.register(run, {
      task,
      labels,
      artifact,
      dataset,
      trainer,
      parameters: model.parameters,
      metrics,
    });
    context.log(
      `registered version ${version.version}: accuracy ${(100 * report.accuracy).toFixed(2)} % on held-out rows`,
    );
    context.progress({ phase: 'certify', fraction: 0.98 });
    const certificate = await this.#certify(run, { task: task.slug, version, dataset, model, prepared }, context);
    context.signal.throwIfAborted();
    const promotion = await this.#promote(run, prepared, report, scored, version, champion, certificate);
    context.log(promotion.reason);
    context.progress({ phase: 'done', fraction: 1 });
    return { dataset, trainer, modelVersion: version.version, metrics, promotion };
  }

  async #score(
    run: Run,
    prepared: PreparedData,
    version: { key: string; format: string; artifact: { key: string; sha256: string; bytes: number } },
    labels: readonly string[],
  ) {
    const model = await this.#ports.scorer.open(run.workspace, version);
    try {
      return await scoreRows(prepared.holdoutPath, labels, (text) => model.score(text));
    } finally {
      await model.close();
    }
  }

  /** A version that could not be certified answers nothing alone; certification can be asked for again. */
  async #certify(
    run: Run,
    trained: Omit<TrainedVersion, 'workspace'>,
    context: PipelineContext,
  ): Promise<Certificate | null> {
    const { certification } = this.#ports;
    if (certification === undefined) return null;
    try {
      const by = { id: run.requestedBy, requestId: run.requestId };
      const certificate = await certification.afterRun({ workspace: run.workspace, ...trained }, by);
      context.log(inWords(certificate));
      return certificate;
    } catch (error) {
      if (context.signal.aborted) throw error;
      context.log(`certification failed: ${error instanceof Error ? error.message : error}`);
      return null;
    }
  }

  /** The first sound model becomes champion; a later one when it beats the champion on the same held-out rows. */
  async #promote(
    run: Run,
    prepared: PreparedData,
    report: EvaluationReport,
    scored: readonly ScoredRow[],
    version: RegisteredVersion,
    champion: RegisteredVersion | null,
    certificate: Certificate | null,
  ): Promise<{ promoted: boolean; reason: string }> {
    if (run.promote === 'never') return { promoted: false, reason: 'not promoted: the run said `promote: never`' };
    const { registry } = this.#ports;
    const majority = Math.max(...prepared.labelCounts) / prepared.labelCounts.reduce((sum, count) => sum + count, 0);
    if (report.rows > 0 && report.accuracy_interval.high < majority) {
      const reason =
        `not promoted: accuracy ${(100 * report.accuracy).toFixed(2)} % is below what always answering the most ` +
        `frequent label would give (${(100 * majority).toFixed(2)} %)`;
      return { promoted: false, reason };
    }
    if (champion === null) {
      const reason =
        report.rows > 0
          ? 'promoted: the first model of this task that passed evaluation'
          : 'promoted: the first model of this task; there were too few examples to hold any out, so it is not evaluated';
      await registry.promote(run, version, reason, { accuracy: report.accuracy, rows: report.rows });
      return { promoted: true, reason };
    }
    let theirs: ScoredRow[];
    try {
      const served = { ...champion, key: `training/${run.id}/champion` };
      theirs = await this.#score(run, prepared, served, prepared.data.labels);
    } catch (error) {
      return this.#withoutComparison(run, version, champion, error);
    }
    const verdict = compare(scored, theirs, champion.version);
    const idle = certificate !== null && certificate.status !== 'certified';
    if (verdict.better && idle && (await this.#ports.certification!.status(run.workspace, run.task)).inForce) {
      const reason =
        `not promoted: version ${champion.version} automates under its certificate, and this one cannot be certified yet, ` +
        `though it is better: ${verdict.reason.replace(/^promoted: /, '')}`;
      return { promoted: false, reason };
    }
    if (verdict.better) await registry.promote(run, version, verdict.reason, verdict.evidence);
    return { promoted: verdict.better, reason: verdict.reason };
  }

  /** A champion that cannot be loaded answers nothing: anything sound is better. One that is busy may be good. */
  async #withoutComparison(run: Run, version: RegisteredVersion, champion: RegisteredVersion, error: unknown) {
    if (!isUnderstudyError(error)) throw error;
    const because = `version ${champion.version} could not be compared on the held-out rows (${error.code})`;
    if (error.code !== 'model_artifact_invalid') return { promoted: false, reason: `not promoted: ${because}` };
    const reason = `promoted: ${because}`;
    await this.#ports.registry.promote(run, version, reason, { champion: champion.version, error: error.code });
    return { promoted: true, reason };
  }
}

function inWords({ status, threshold, expectedCoverage, maxError, confidence, evidence, needed }: Certificate): string {
  const budget = `at most ${(100 * maxError).toFixed(1)} % wrong with confidence ${(100 * confidence).toFixed(1)} %`;
  const rows = `${evidence.errors} wrong of ${evidence.accepted} accepted, of ${evidence.labelled} labelled`;
  return status === 'certified'
    ? `certified: ${budget}, threshold ${threshold}, about ${(100 * (expectedCoverage ?? 0)).toFixed(1)} % automated (${rows})`
    : `not certifiable yet (${budget}; ${rows}): ${needed?.reason ?? 'no reason'}`;
}
