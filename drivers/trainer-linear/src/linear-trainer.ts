import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type TrainContext,
  type TrainedModel,
  type Trainer,
  type TrainJob,
  type TrainProgress,
  trainingErrors,
} from '@understudy/training';
import { parseParameters } from './parameters.ts';
import type { LinearJob, LinearResult } from './train-linear.ts';
import type { TrainingErrorCode } from './training-error.ts';

type Message =
  | { kind: 'progress'; update: TrainProgress }
  | { kind: 'log'; line: string }
  | { kind: 'result'; result: LinearResult; peakMemoryBytes: number }
  | { kind: 'error'; code: TrainingErrorCode; detail: string; details: Record<string, unknown> };

/**
 * Trains linear text models (multinomial logistic regression over hashed n-grams) in a child process, which cancelling
 * kills. Errors: those of the Trainer port.
 */
export class LinearTrainer implements Trainer {
  readonly name = 'linear';
  readonly capabilities = { kinds: ['text_classification'], minLabels: 2, maxLabels: 1000, maxRows: 1_000_000 };

  async train(job: TrainJob, context: TrainContext): Promise<TrainedModel> {
    const parameters = parseParameters(job.parameters);
    if ('parameter' in parameters) {
      throw trainingErrors.unknown_parameter(parameters.detail, { details: { parameter: parameters.parameter } });
    }
    const { labels, rows } = job.data;
    const { minLabels, maxLabels, maxRows } = this.capabilities;
    if (labels.length < minLabels || rows < 1) {
      throw trainingErrors.training_data_insufficient(
        `Training needs two labels or more (there are ${labels.length}) with rows (there are ${rows}).`,
      );
    }
    if (labels.length > maxLabels || rows > maxRows) {
      throw trainingErrors.training_failed(`The linear trainer takes ${maxLabels} labels and ${maxRows} rows at most.`);
    }
    const started = performance.now();
    try {
      const { result, peakMemoryBytes } = await runProcess({ ...job, parameters }, context);
      const durationSeconds = (performance.now() - started) / 1000;
      return { ...result, path: job.outputPath, durationSeconds, peakMemoryBytes };
    } catch (error) {
      await rm(job.outputPath, { force: true });
      throw error;
    }
  }
}

function runProcess(job: LinearJob, { signal, progress, log }: TrainContext) {
  return new Promise<{ result: LinearResult; peakMemoryBytes: number }>((resolve, reject) => {
    if (signal.aborted) {
      reject(trainingErrors.training_cancelled('The run was cancelled before it started.'));
      return;
    }
    // No environment: the process needs none, and it must not see the server's secrets.
    const child = fork(fileURLToPath(new URL('./training-process.ts', import.meta.url)), [], {
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let outcome: (() => void) | undefined;
    let lastWords = '';
    let reached = 0;
    const cancel = () => {
      outcome = () => reject(trainingErrors.training_cancelled('The run was cancelled.'));
      child.kill('SIGKILL');
    };
    signal.addEventListener('abort', cancel, { once: true });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    child.on('message', (message: Message) => {
      if (outcome) return;
      if (message.kind === 'log') log(message.line);
      else if (message.kind === 'progress') {
        reached = Math.max(reached, message.update.fraction);
        progress({ ...message.update, fraction: reached });
      } else {
        outcome =
          message.kind === 'result'
            ? () => resolve(message)
            : () => reject(trainingErrors[message.code](message.detail, { details: message.details }));
        child.kill('SIGKILL');
      }
    });
    child.on('error', (cause) => {
      outcome ??= () => reject(trainingErrors.training_failed('The training process could not start.', { cause }));
      outcome();
    });
    // The promise settles once the process is gone, so its memory and its threads are too.
    child.on('close', (code, signalName) => {
      signal.removeEventListener('abort', cancel);
      if (lastWords.trim()) log(lastWords.trim());
      const how = signalName ?? `code ${code}`;
      outcome ??= () => reject(trainingErrors.training_failed(`The training process ended unexpectedly (${how}).`));
      outcome();
    });
    child.send({ ...job, data: { ...job.data } }, (error) => {
      if (error) log(`could not reach the training process: ${error.message}`);
    });
  });
}
