import { Worker } from 'node:worker_threads';
import type { FitContext, FitOutcome, FitTask } from './fit-task.ts';
import { TrainingError, type TrainingErrorCode } from './training-error.ts';

type Reply =
  | { kind: 'epoch' }
  | { kind: 'outcome'; outcome: FitOutcome }
  | { kind: 'error'; code: TrainingErrorCode; detail: string };

/**
 * Threads that run fit tasks. A task's outcome depends on the task alone, and outcomes come back in the order of the
 * tasks, so the number of threads changes nothing but the time.
 */
export class FitPool {
  readonly #workers: Worker[];

  /** Starts the threads at once, so that they are up when the first task is ready. */
  constructor(threads: number) {
    this.#workers = Array.from({ length: threads }, () => new Worker(new URL('./fit-worker.ts', import.meta.url)));
  }

  /** Gives every thread what its tasks refer to. */
  share(context: FitContext): void {
    for (const worker of this.#workers) worker.postMessage({ context });
  }

  /** Runs tasks, at most `limit` at a time. Rejects with the first failure. */
  async run(tasks: readonly FitTask[], limit: number, onEpoch: () => void): Promise<FitOutcome[]> {
    const outcomes = new Array<FitOutcome>(tasks.length);
    let next = 0;
    const serve = async (worker: Worker) => {
      while (next < tasks.length) {
        const index = next++;
        outcomes[index] = await runOn(worker, tasks[index]!, onEpoch);
      }
    };
    await Promise.all(this.#workers.slice(0, Math.max(1, limit)).map(serve));
    return outcomes;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function runOn(worker: Worker, task: FitTask, onEpoch: () => void): Promise<FitOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      act();
    };
    const onMessage = (reply: Reply) => {
      if (reply.kind === 'epoch') onEpoch();
      else if (reply.kind === 'outcome') settle(() => resolve(reply.outcome));
      else settle(() => reject(new TrainingError(reply.code, reply.detail)));
    };
    const onError = (error: Error) => settle(() => reject(new TrainingError('training_failed', String(error))));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage({ task });
  });
}
