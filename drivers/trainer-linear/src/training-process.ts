import { type LinearJob, trainLinear } from './train-linear.ts';
import { TrainingError } from './training-error.ts';

// The process that a LinearTrainer starts. It gets one job as a message, answers with messages and ends.
const send = (message: Record<string, unknown>) => process.send!(message);

process.on('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole terminal group; the server decides what becomes of the run.
process.on('SIGINT', () => {});
process.once('message', (job: LinearJob) => {
  const observer = {
    progress: (update: object) => send({ kind: 'progress', update }),
    log: (line: string) => send({ kind: 'log', line }),
  };
  trainLinear(job, observer).then(
    (result) => send({ kind: 'result', result, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 }),
    (error: unknown) => {
      const known = error instanceof TrainingError;
      const memory = error instanceof RangeError;
      send({
        kind: 'error',
        code: known ? error.code : memory ? 'training_out_of_memory' : 'training_failed',
        detail: known ? error.message : memory ? 'The operating system gave no more memory.' : String(error),
        details: known ? error.details : {},
      });
    },
  );
});
