import { Worker } from 'node:worker_threads';
import type { MemberJob, MemberResult } from './member-job.ts';

/**
 * Runs jobs on at most `threads` threads and returns their results in the order of the jobs. Members share nothing
 * that they write, so the results do not depend on how many run at once.
 */
export async function runMembers(
  jobs: readonly MemberJob[],
  threads: number,
  onVisited: (visitedByAll: number) => void,
): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  const visited = new Float64Array(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await runMember(jobs[index]!, (count) => {
        visited[index] = count;
        onVisited(visited.reduce((sum, value) => sum + value, 0));
      });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, jobs.length)) }, lane));
  return results;
}

function runMember(job: MemberJob, onVisited: (count: number) => void): Promise<MemberResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./member-worker.ts', import.meta.url), { workerData: job });
    worker.on('message', (message: { visited: number } | { result: MemberResult }) => {
      if ('visited' in message) onVisited(message.visited);
      else resolve(message.result);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a training thread ended with code ${code} and no result`)));
  });
}
