import { fork } from 'node:child_process';
import type { UnderstudyError } from '@understudy/kernel';
import {
  type TrainContext,
  type TrainedModel,
  type Trainer,
  type TrainJob,
  trainingErrors,
} from '@understudy/training';
import { readParameters } from './parameters.ts';
import type { JobMessage, TrainingMessage } from './training-messages.ts';

/**
 * Trains small networks over hashed n-grams (see MemberNetwork), each on a thread of a child process of its own:
 * killing that process cancels a job at once and gives all its memory back.
 */
export class NeuralTrainer implements Trainer {
  readonly name = 'neural';
  readonly capabilities = { kinds: ['text_classification'], minLabels: 2, maxLabels: 1000, maxRows: 1_000_000 };

  async train(job: TrainJob, context: TrainContext): Promise<TrainedModel> {
    readParameters(job.parameters);
    const { labels } = job.data;
    const { minLabels, maxLabels, maxRows } = this.capabilities;
    if (labels.length < minLabels) {
      throw trainingErrors.training_data_insufficient(`there are ${labels.length} labels; at least 2 are needed`);
    }
    if (labels.length > maxLabels || job.data.rows > maxRows) {
      throw trainingErrors.training_failed(`the neural trainer takes at most ${maxLabels} labels and ${maxRows} rows`);
    }
    if (context.signal.aborted) throw trainingErrors.training_cancelled('the job was cancelled');
    const startedAt = performance.now();
    const model = await this.#runProcess(job, context);
    return { ...model, durationSeconds: (performance.now() - startedAt) / 1000 };
  }

  #runProcess(job: TrainJob, context: TrainContext): Promise<Omit<TrainedModel, 'durationSeconds'>> {
    return new Promise((resolve, reject) => {
      const child = fork(new URL('./training-process.ts', import.meta.url), [], {
        execArgv: [],
        env: {},
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      let outcome: (() => void) | undefined;
      let fraction = 0;
      const cancel = () => {
        outcome = () => reject(trainingErrors.training_cancelled('the job was cancelled'));
        child.kill('SIGKILL');
      };
      context.signal.addEventListener('abort', cancel, { once: true });
      child.on('message', (message: TrainingMessage) => {
        if (message.type === 'progress') {
          // Threads report out of step; progress never falls.
          fraction = Math.max(fraction, Math.min(1, message.update.fraction));
          context.progress({ ...message.update, fraction });
        } else if (message.type === 'log') context.log(message.line);
        else if (message.type === 'done') outcome ??= () => resolve(message.model);
        else outcome ??= () => reject(codedError(message));
      });
      child.on('error', (error) => {
        outcome ??= () =>
          reject(trainingErrors.training_failed('the training process did not start', { cause: error }));
      });
      // Settled only when the process is gone, so that a caller who goes on finds its memory free.
      child.on('close', (code, signal) => {
        context.signal.removeEventListener('abort', cancel);
        outcome ??= () =>
          reject(trainingErrors.training_failed(`the training process ended early (${signal ?? `code ${code}`})`));
        outcome();
      });
      child.send({ job } satisfies JobMessage, (error) => {
        if (error) child.kill('SIGKILL');
      });
    });
  }
}

function codedError({ code, detail, details }: Extract<TrainingMessage, { type: 'failed' }>): UnderstudyError {
  const factory = Object.hasOwn(trainingErrors.catalogue, code)
    ? trainingErrors[code as keyof typeof trainingErrors.catalogue]
    : trainingErrors.training_failed;
  return factory(detail, { details });
}
