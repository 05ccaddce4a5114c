import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { trainingErrors } from '../errors.ts';
import type { TrainContext, TrainedModel, Trainer, TrainJob } from '../trainer.ts';

/** A trainer for tests: its model answers each label with the share that it has in the data. */
export class MajorityTrainer implements Trainer {
  readonly name = 'majority';
  readonly capabilities = { kinds: ['text_classification'], minLabels: 2, maxLabels: 1000, maxRows: 100_000 };

  async train(job: TrainJob, { signal, progress }: TrainContext): Promise<TrainedModel> {
    const started = performance.now();
    const stopIfAborted = () => {
      if (signal.aborted) throw trainingErrors.training_cancelled('The run was cancelled.');
    };
    stopIfAborted();
    const [unknown] = Object.keys(job.parameters);
    if (unknown) throw trainingErrors.unknown_parameter(`The majority trainer has no parameter ${unknown}.`);
    const file = readFileSync(job.data.path);
    if (file.length > job.memoryLimitBytes) throw trainingErrors.training_out_of_memory('The file exceeds the limit.');
    progress({ phase: 'read', fraction: 0.5 });
    // Gives an abort, which arrives by the event loop, the chance to be seen.
    await new Promise((resolve) => setImmediate(resolve));
    stopIfAborted();
    const rows = file
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { label: number; fold: number });
    const fitted = rows.filter((row) => row.fold !== job.data.validationFold);
    const shares = job.data.labels.map((_, k) => fitted.filter((row) => row.label === k).length / fitted.length);
    if (rows.length < 10 || shares.filter((share) => share > 0).length < 2) {
      throw trainingErrors.training_data_insufficient('Training needs ten rows and two labels with rows.');
    }
    const bytes = Buffer.from(JSON.stringify({ labels: job.data.labels, shares }));
    writeFileSync(job.outputPath, bytes);
    const held = rows.filter((row) => row.fold === job.data.validationFold);
    const best = shares.indexOf(Math.max(...shares));
    const accuracy = held.filter((row) => row.label === best).length / held.length;
    progress({ phase: 'write', fraction: 1 });
    return {
      format: 'majority/1',
      path: job.outputPath,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      parameters: {},
      validation: {
        rows: held.length,
        accuracy,
        macroF1: (2 * accuracy) / (1 + accuracy) / job.data.labels.length,
        logLoss: held.reduce((sum, row) => sum - Math.log(Math.max(shares[row.label]!, 1e-9)), 0) / held.length,
        expectedCalibrationError: Math.abs(accuracy - shares[best]!),
      },
      heldOut: null,
      microsecondsPerPrediction: 1,
      durationSeconds: (performance.now() - started) / 1000,
      peakMemoryBytes: process.memoryUsage().rss,
    };
  }
}
