import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BuiltFile } from '../dashboard/built-files.ts';
import { type BuildState, WAITING_SCRIPT, waitingPage } from '../dashboard/waiting-page.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Serves pages for browsers: not a part of the API, and not in its description. */
    page?: true;
  }
}

export interface DashboardFiles {
  readonly files: ReadonlyMap<string, BuiltFile> | null;
  readonly state: BuildState;
}

/** `style-src 'unsafe-inline'`: the component kit sets sizes and colours as it renders. Scripts come from files only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/** Where the API answers: a path under these that is no route is a problem, not a page. */
const API = /^\/(v\d+|openai|api|healthz|metrics|openapi\.json|version)(\/|$)/;
const ASSET = /^\/assets\//;
const FILE_NAME = /\.[a-z0-9]{1,8}$/i;

/** The dashboard: its files, and its first page for every other address that a browser asks for as a page. */
export function serveDashboard(app: FastifyInstance, dashboard: DashboardFiles): void {
  app.get(
    '/*',
    { config: { policy: { kind: 'public' }, page: true }, schema: {} },
    (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      const path = request.url.split('?', 1)[0]!;
      if (API.test(path)) return notFound(reply);
      secure(reply);
      const { files } = dashboard;
      if (files === null) return wait(request, reply, path, dashboard.state);
      if (path === '/waiting.json') return reply.header('Cache-Control', 'no-store').send({ ready: true });
      const file = files.get(path);
      if (file !== undefined) return sendFile(request, reply, file);
      if (ASSET.test(path) || FILE_NAME.test(path) || !wantsPage(request)) return notFound(reply);
      return sendFile(request, reply, files.get('/index.html')!);
    },
  );
}

function secure(reply: FastifyReply): void {
  reply.header('Content-Security-Policy', POLICY);
  reply.header('X-Content-Type-Options', 'nosniff');
  reply.header('Referrer-Policy', 'no-referrer');
  reply.header('Cross-Origin-Opener-Policy', 'same-origin');
  reply.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()');
}

/** The problem that every unknown route answers. */
function notFound(reply: FastifyReply): FastifyReply {
  reply.callNotFound();
  return reply;
}

function wantsPage(request: FastifyRequest): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: BuiltFile): FastifyReply {
  reply.header('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  reply.header('ETag', file.etag);
  if (file.br !== null || file.gz !== null) reply.header('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match']?.includes(file.etag) === true) return reply.code(304).send();
  const accepted = request.headers['accept-encoding'] ?? '';
  const [encoding, bytes] =
    file.br !== null && accepts(accepted, 'br')
      ? (['br', file.br] as const)
      : file.gz !== null && accepts(accepted, 'gzip')
        ? (['gzip', file.gz] as const)
        : ([null, file.plain] as const);
  if (encoding !== null) reply.header('Content-Encoding', encoding);
  return reply.type(file.type).send(bytes);
}

/** Named and not refused with `;q=0`. */
const accepts = (header: string, encoding: string): boolean =>
  header.split(',').some((part) => {
    const [name, ...parameters] = part.trim().split(';');
    return name?.trim() === encoding && !parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/.test(parameter));
  });

function wait(request: FastifyRequest, reply: FastifyReply, path: string, state: BuildState): FastifyReply {
  reply.header('Cache-Control', 'no-store');
  if (path === '/waiting.js') return reply.type('text/javascript; charset=utf-8').send(WAITING_SCRIPT);
  if (path === '/waiting.json') {
    return reply.send({ ready: false, done: state.done, phase: state.phase, failure: state.failure !== null });
  }
  if (!wantsPage(request)) return notFound(reply);
  return reply.code(503).header('Retry-After', '2').type('text/html; charset=utf-8').send(waitingPage(state));
}
