import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const SWEEP_MS = 10_000;
/** A body that stands still this long is given up: an upload may take hours, but not silently. */
const IDLE_MS = 45_000;

/**
 * Ends connections whose request body has stopped coming. Node bounds the time of a whole request or of its headers;
 * neither fits uploads of any size.
 */
export function endIdleBodies(app: FastifyInstance): void {
  const open = new Map<IncomingMessage, { bytes: number; since: number }>();
  app.addHook('onRequest', (request, _reply, done) => {
    open.set(request.raw, { bytes: -1, since: 0 });
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    open.delete(request.raw);
    done();
  });
  const sweeper = setInterval(() => {
    const now = performance.now();
    for (const [raw, state] of open) {
      if (raw.destroyed || raw.complete) {
        open.delete(raw);
      } else if (raw.socket.bytesRead !== state.bytes || raw.isPaused()) {
        // Paused: it is we who are not reading.
        state.bytes = raw.socket.bytesRead;
        state.since = now;
      } else if (now - state.since >= IDLE_MS) {
        open.delete(raw);
        raw.destroy();
      }
    }
  }, SWEEP_MS).unref();
  app.addHook('onClose', (_instance, done) => {
    clearInterval(sweeper);
    done();
  });
}
