import { isUnderstudyError } from '@understudy/kernel';
import { encodeNetworkModel, NETWORK_FORMAT } from '@understudy/text';
import { type TrainJob, writeHeldOut } from '@understudy/training';
import { writeArtifact } from './artifact-file.ts';
import { trainNetwork } from './network-training.ts';
import type { JobMessage, TrainingMessage } from './training-messages.ts';

/** The process that does one job and ends. It is killed to cancel, so it cleans nothing up itself. */
const send = (message: TrainingMessage) => process.send?.(message);

async function train(job: TrainJob): Promise<void> {
  const trained = await trainNetwork(job, {
    progress: (update) => send({ type: 'progress', update }),
    log: (line) => send({ type: 'log', line }),
  });
  const { plan, settings, validation } = trained;
  const parameters = {
    hidden: settings.hidden,
    members: plan.members,
    epochs: settings.epochs,
    learning_rate: settings.learningRate,
    output_learning_rate: settings.outputLearningRate,
    input_dropout: settings.inputDropout,
    hidden_dropout: settings.hiddenDropout,
    label_smoothing: settings.labelSmoothing,
    min_rows: plan.minRows,
    max_features: plan.maxFeatures,
  };
  send({ type: 'progress', update: { phase: 'write', fraction: 0.97 } });
  const pieces = encodeNetworkModel(trained.model, { seed: job.seed, parameters });
  const { bytes, sha256 } = await writeArtifact(job.outputPath, pieces);
  send({ type: 'progress', update: { phase: 'write', fraction: 1 } });
  const heldOutPath = `${job.outputPath}.held-out`;
  const heldOutRows = await writeHeldOut(heldOutPath, trained.heldOut, trained.model.temperature);
  const heldOut = { path: heldOutPath, rows: heldOutRows };
  const { microsecondsPerPrediction } = trained;
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  const file = { format: NETWORK_FORMAT, path: job.outputPath, bytes, sha256 };
  send({
    type: 'done',
    model: { ...file, parameters, validation, heldOut, microsecondsPerPrediction, peakMemoryBytes },
  });
}

let finished = false;
// Whoever started this process is gone, or has its answer: nothing here may outlive that.
process.on('disconnect', () => process.exit(finished ? 0 : 1));
// Ctrl-C reaches the whole terminal group; the server decides what becomes of the run.
process.on('SIGINT', () => {});
process.once('message', ({ job }: JobMessage) => {
  train(job)
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      if (isUnderstudyError(error)) send({ type: 'failed', code: error.code, detail, details: error.details });
      else {
        const code = error instanceof RangeError ? 'training_out_of_memory' : 'training_failed';
        send({ type: 'failed', code, detail, details: {} });
      }
    })
    .finally(() => {
      finished = true;
      process.disconnect();
    });
});
