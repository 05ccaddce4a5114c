import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Clock, newId, type UnderstudyError } from '@understudy/kernel';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { httpErrors } from './errors.ts';
import { endIdleBodies } from './idle-bodies.ts';
import { requirePolicies } from './policies.ts';
import { sendProblem } from './problems.ts';
import { RequestLogger } from './request-logger.ts';
import { nulProblem, strangeJson } from './strange-text.ts';
import { namedSchemas, validateRequests } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 over the body's bytes; set only when the request carries an Idempotency-Key. */
    bodyHash: Buffer | null;
  }
}

export interface AppOptions {
  logger: FastifyBaseLogger;
  clock: Clock;
  maxBodyBytes: number;
  /** What a path without a route answers. Default: that there is nothing there. */
  noRoute?: (method: string) => UnderstudyError;
}

const REQUEST_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/**
 * The bare HTTP application: parsing, validation, request ids, problems. Routes come from the rooms' plugins;
 * a route without a policy makes this throw at boot.
 */
export function createApp(options: AppOptions): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger, bindings) => new RequestLogger(logger, bindings),
    bodyLimit: options.maxBodyBytes,
    requestIdHeader: false,
    genReqId: (raw) => {
      const given = raw.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId('req', options.clock.now());
    },
    routerOptions: { maxParamLength: 300 },
    // Paths that the router itself refuses (`%zz`, over-long segments) see no hook.
    frameworkErrors: (error, request, reply) => {
      reply.header('X-Request-Id', request.id);
      sendProblem(request, reply as never, error);
    },
    // Draining servers still answer what is in flight and what arrives on open connections.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    keepAliveTimeout: 72_000,
    requestTimeout: 0, // imports may take long; slow headers and bodies that stand still are bounded instead
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) {
        const body = JSON.stringify({
          type: 'urn:understudy:error:malformed_request',
          title: 'The request is not well-formed HTTP',
          status: 400,
          detail: 'the request line, a header or the framing of the body is not valid',
          code: 'malformed_request',
          request_id: newId('req', options.clock.now()),
        });
        socket.write(
          `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
        );
      }
      socket.destroySoon();
    },
  });
  app.server.headersTimeout = 30_000;

  for (const schema of namedSchemas) app.addSchema(schema);
  validateRequests(app);
  // Answers are built by presenters and typed by the same schemas; a second serialisation pass would only cost.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));

  app.decorateRequest('principal', null as never);
  app.decorateRequest('bodyHash', null);
  app.decorateRequest('aborted', {
    getter() {
      return abortSignalOf(this.raw);
    },
  });

  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    keepBodyHash(request, bytes);
    if (bytes.length === 0) {
      // A POST without a body but with a content type: many clients send one. Routes that need a body say so.
      done(null, undefined);
      return;
    }
    if (!isUtf8(bytes)) {
      done(httpErrors.invalid_json('the body is not valid UTF-8'));
      return;
    }
    const text = bytes.toString('utf8');
    parseJson(request, text, (error, value) => {
      const problem = error === null || error === undefined ? strangeJson(text, value) : null;
      if (problem === null) done(error as Error | null, value);
      else done(problem);
    });
  });

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    done();
  });
  app.addHook('preValidation', (request, _reply, done) => {
    done(nulProblem(request.params, request.query) ?? undefined);
  });
  endIdleBodies(app);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  const { noRoute = (method: string) => httpErrors.not_found(`no route ${method} at this path`) } = options;
  app.setNotFoundHandler((request, reply) => {
    sendProblem(request, reply, noRoute(request.method));
  });
  requirePolicies(app);
  return app;
}

const signals = new WeakMap<object, AbortSignal>();

function abortSignalOf(raw: import('node:http').IncomingMessage): AbortSignal {
  let signal = signals.get(raw);
  if (signal === undefined) {
    const controller = new AbortController();
    signal = controller.signal;
    raw.socket.once('close', () => controller.abort());
    signals.set(raw, signal);
  }
  return signal;
}

/** What tells a repeated request under an `Idempotency-Key` from another one; for parsers of bodies. */
export function keepBodyHash(request: FastifyRequest, bytes: Buffer): void {
  if (request.headers['idempotency-key'] === undefined) return;
  request.bodyHash = createHash('sha256').update(bytes).digest();
}
