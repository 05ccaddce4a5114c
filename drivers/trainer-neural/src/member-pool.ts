import { Worker } from 'node:worker_threads';
import type { MemberJob, MemberResult } from './member-job.ts';

/** A network of more features is fitted on a thread of its own, whose end gives its memory back at once. */
const FEATURES_TO_KEEP_THREADS = 50_000;

type Message = { visited: number } | { result: MemberResult };

/**
 * Threads that fit networks. Members share nothing that they write, so the results do not depend on how many threads
 * there are.
 */
export class MemberPool {
  readonly #threads: number;
  #idle: Worker[] = [];

  constructor(threads: number) {
    this.#threads = Math.max(1, threads);
  }

  /** Runs jobs and returns their results in the order of the jobs. At most `atOnce` run at the same time. */
  async run(
    jobs: readonly MemberJob[],
    atOnce: number,
    onVisited: (visitedByAll: number) => void,
  ): Promise<MemberResult[]> {
    const results: MemberResult[] = [];
    const visited = new Float64Array(jobs.length);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < jobs.length) {
        const index = next++;
        results[index] = await this.#runOne(jobs[index]!, (count) => {
          visited[index] = count;
          onVisited(visited.reduce((sum, value) => sum + value, 0));
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#threads, atOnce, jobs.length) }, lane));
    return results;
  }

  async #runOne(job: MemberJob, onVisited: (count: number) => void): Promise<MemberResult> {
    const worker = this.#idle.pop() ?? new Worker(new URL('./member-worker.ts', import.meta.url));
    const result = await fitOn(worker, job, onVisited);
    if (job.features > FEATURES_TO_KEEP_THREADS) await worker.terminate();
    else this.#idle.push(worker);
    return result;
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }
}

function fitOn(worker: Worker, job: MemberJob, onVisited: (count: number) => void): Promise<MemberResult> {
  return new Promise((resolve, reject) => {
    // Only these listeners may go: a Worker has listeners of its own, without which it hears nothing any more.
    const settle = (finish: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      finish();
    };
    const onMessage = (message: Message) => {
      if ('visited' in message) onVisited(message.visited);
      else settle(() => resolve(message.result));
    };
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) => settle(() => reject(new Error(`a training thread ended with code ${code}`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}
