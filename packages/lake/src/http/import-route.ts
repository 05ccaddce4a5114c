import { Readable } from 'node:stream';
import { ImportQuery, Slug } from '@understudy/wire';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Examples } from '../examples.ts';
import { formatOf, IMPORT_TYPES } from './media-type.ts';

/** Of a refused body, how much is still read: a client that is cut off while it sends never sees the answer. */
const DRAIN_BYTES = 64 << 20;

/** `POST /v1/tasks/{task}/examples`. The body is a stream; no parser and no body limit stand before it. */
export function importRoute(app: FastifyInstance, examples: Examples): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    scope.post<{ Params: { task: string }; Querystring: { on_invalid?: 'reject' | 'skip'; new_labels?: string } }>(
      '/v1/tasks/:task/examples',
      {
        config: { policy: { kind: 'scope', scope: 'examples:write' }, idempotency: 'stored', streamed: true },
        schema: {
          summary: 'Import labelled examples',
          description:
            '`{"examples": [ … ]}`, one JSON row a line, or CSV with a header row: a stream of any length in UTF-8, plain or with `Content-Encoding: gzip`.',
          consumes: IMPORT_TYPES,
          params: Type.Object({ task: Slug }),
          querystring: ImportQuery,
          response: { 200: { $ref: 'ImportResponse#' } },
        },
      },
      async (request) => {
        const body = request.body instanceof Readable ? request.body : Readable.from([]);
        const chunks = () => body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
        try {
          return await examples.import(request.principal, request.params.task, chunks(), {
            format: formatOf(request.headers['content-type']),
            onInvalid: request.query.on_invalid ?? 'reject',
            addLabels: request.query.new_labels === 'add',
            requestId: request.id,
            signal: request.aborted,
            ...(request.headers['content-encoding'] === undefined
              ? {}
              : { encoding: request.headers['content-encoding'] }),
          });
        } catch (error) {
          await drain(body, chunks());
          throw error;
        }
      },
    );
  });
}

async function drain(body: Readable, chunks: AsyncIterable<Buffer>): Promise<void> {
  if (body.destroyed || body.readableEnded) return;
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > DRAIN_BYTES) return;
    }
  } catch {
    // The sender went away; the error that is being reported came first.
  }
}
