import { parentPort } from 'node:worker_threads';
import { type FitContext, type FitTask, runFitTask } from './fit-task.ts';
import { TrainingError } from './training-error.ts';

// A thread of the training process: gets a context, then tasks one by one.
const port = parentPort!;
let context: FitContext;

port.on('message', (message: { context?: FitContext; task?: FitTask }) => {
  if (message.context) context = message.context;
  if (!message.task) return;
  try {
    const outcome = runFitTask(context, message.task, () => port.postMessage({ kind: 'epoch' }));
    const buffers = outcome.fits.map((fit) => fit.heldOutScores.buffer as ArrayBuffer);
    if (outcome.model) buffers.push(outcome.model.weights.buffer as ArrayBuffer);
    port.postMessage({ kind: 'outcome', outcome }, buffers);
  } catch (error) {
    const known = error instanceof TrainingError;
    const memory = error instanceof RangeError;
    port.postMessage({
      kind: 'error',
      code: known ? error.code : memory ? 'training_out_of_memory' : 'training_failed',
      detail: known ? error.message : memory ? 'The operating system gave no more memory.' : String(error),
    });
  }
});
