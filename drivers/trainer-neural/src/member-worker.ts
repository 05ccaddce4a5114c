import { parentPort } from 'node:worker_threads';
import { type MemberJob, runMemberJob } from './member-job.ts';

/** A thread that fits one network after another. */
const port = parentPort!;
port.on('message', (job: MemberJob) => {
  const result = runMemberJob(job, (visited) => port.postMessage({ visited }));
  const { scores, weights } = result;
  const transfer = [scores.buffer, ...(weights ? Object.values(weights).map((array) => array.buffer) : [])];
  port.postMessage({ result }, transfer as ArrayBuffer[]);
});
