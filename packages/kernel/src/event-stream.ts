import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface ServerSentEvent {
  /** What `Last-Event-ID` resumes behind. */
  id: string;
  event: string;
  /** Sent as JSON. */
  data: unknown;
}

/** Proxies close a connection that is silent for longer than this, and clients take three missed as the end. */
const HEARTBEAT_MS = 15_000;

/**
 * Answers with Server-Sent Events (WHATWG HTML, 9.2) until `events` ends, the reader goes away or `stopping` is
 * aborted: a stream has no end of its own that a server which stops could wait for. `events` gets a signal for the
 * last two, and is read no faster than the reader reads. Never rejects: the status line is out, so the reader
 * reconnects with `Last-Event-ID` and gets an error as a problem then.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  events: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>,
  stopping: AbortSignal,
): Promise<void> {
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
    for await (const { id, event, data } of events(ended)) {
      const drained = raw.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!drained && !ended.aborted) await once(raw, 'drain', { signal: ended });
    }
  } catch (error) {
    if (!ended.aborted) request.log.warn({ err: error }, 'a stream of events ended early');
  } finally {
    clearInterval(heart);
    // Its header said that the connection stays: a server that stops would wait for the next request on it.
    if (stopping.aborted) raw.on('finish', () => raw.socket?.end());
    raw.end();
  }
}

/** The `Last-Event-ID` of a stream whose ids are version numbers; 0 where there is none that could be one. */
export function lastVersionSeen(request: FastifyRequest): number {
  const last = Number(request.headers['last-event-id'] ?? 0);
  return Number.isSafeInteger(last) && last > 0 ? last : 0;
}
