import type { FastifyReply, FastifyRequest } from 'fastify';
import { isFinished, type Job } from '../job.ts';

const HEARTBEAT_MS = 15_000;

/**
 * Server-Sent Events (WHATWG HTML, 9.2): `event: progress` while the job goes on, then one event named after how it
 * ended. The id of an event is the job's version, so `Last-Event-ID` resumes without repeating. Ends when `stopping`
 * is aborted: a stream has no end of its own that a server which stops could wait for.
 */
export async function streamJob(
  request: FastifyRequest,
  reply: FastifyReply,
  watch: (after: number, signal: AbortSignal) => AsyncGenerator<Job>,
  present: (job: Job) => object,
  stopping: AbortSignal,
): Promise<void> {
  const last = Number(request.headers['last-event-id'] ?? 0);
  const gone = new AbortController();
  const ended = AbortSignal.any([gone.signal, stopping]);
  reply.hijack();
  const { raw } = reply;
  raw.on('close', () => gone.abort());
  raw.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache',
    'X-Accel-Buffering': 'no',
    'X-Request-Id': request.id,
  });
  const heart = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    for await (const job of watch(Number.isSafeInteger(last) && last > 0 ? last : 0, ended)) {
      const name = isFinished(job.status) ? job.status : 'progress';
      raw.write(`id: ${job.version}\nevent: ${name}\ndata: ${JSON.stringify(present(job))}\n\n`);
    }
  } catch (error) {
    // The status line is out: the client reconnects with Last-Event-ID and gets the error as a problem then.
    if (!ended.aborted) request.log.warn({ err: error }, 'a stream of job events ended early');
  } finally {
    clearInterval(heart);
    // Its header said that the connection stays: a server that stops would wait for the next request on it.
    if (stopping.aborted) raw.on('finish', () => raw.socket?.end());
    raw.end();
  }
}
