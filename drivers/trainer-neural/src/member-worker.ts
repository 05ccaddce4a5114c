import { parentPort, workerData } from 'node:worker_threads';
import { type MemberJob, runMemberJob } from './member-job.ts';

/** A thread that fits one network and ends. */
const port = parentPort!;
const result = runMemberJob(workerData as MemberJob, (visited) => port.postMessage({ visited }));
const { scores, weights } = result;
const transfer = [scores.buffer, ...(weights ? Object.values(weights).map((array) => array.buffer) : [])];
port.postMessage({ result }, transfer as ArrayBuffer[]);
