import { isOpenAiPath, openAiLimitHeaders } from '@understudy/compat';
import { assertFromPage } from '@understudy/identity/http';
import type { Principal, RoutePolicy, UnderstudyError } from '@understudy/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpErrors } from './errors.ts';

/** The identity room, as the edge needs it. */
export interface Authenticator {
  /** Null when the credential is unknown, expired or revoked. Synchronous on a cache hit. */
  authenticate(token: string): Principal | null | Promise<Principal | null>;
}

/** The sessions of browsers, as the edge needs them. */
export interface SessionAuthenticator {
  authenticate(secret: string): Live | null | Promise<Live | null>;
}

interface Live {
  principal: Principal;
  csrfToken: string;
}

/** Where a request's sessions are. */
export interface SessionCookie {
  publicOrigin: string | undefined;
  /** The active one first. */
  read(request: FastifyRequest): string[];
}

/** One request counted against what limits it. */
export interface RequestLimiter {
  take(principal: Principal): { allowed: boolean; limits: readonly Limit[] };
}

interface Limit {
  /** `key`, `session` or `workspace`. */
  name: string;
  allowed: boolean;
  /** Requests a minute. */
  limit: number;
  remaining: number;
  resetSeconds: number;
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/**
 * The password of `Authorization: Basic` on the doors of predict routes: an application that knows only the URL of the
 * service it calls writes the key into it, as `https://key:us_…@host/compat/…`.
 */
export function passwordOf(header: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,1024})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('latin1');
  const password = pair.slice(pair.indexOf(':') + 1);
  return pair.includes(':') && /^[\x21-\x7e]{1,512}$/.test(password) ? password : undefined;
}

/** The token of an `Authorization` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return BEARER.exec(header ?? '')?.[1];
}

/**
 * Authentication by API key or by a browser's session (a request with both counts by its key alone), policy and rate limit, decided after routing, so that no spelling of a path can slip past
 * (MLflow CVE-2026-2652 is what happens otherwise).
 */
export function enforcePolicies(
  app: FastifyInstance,
  ports: {
    authenticator: Authenticator;
    sessions: SessionAuthenticator;
    cookie: SessionCookie;
    limiter: RequestLimiter;
  },
): void {
  const settle = (request: FastifyRequest, reply: FastifyReply, policy: RoutePolicy, principal: Principal | null) => {
    if (principal === null) throw httpErrors.unauthenticated('the credential is unknown, expired or revoked');
    request.principal = principal;
    permit(policy, principal);
    if (principal.kind === 'operator') return;
    const { allowed, limits } = ports.limiter.take(principal);
    showLimits(reply, limits);
    if (isOpenAiPath(request.routeOptions.url ?? request.url)) reply.headers(openAiLimitHeaders(limits));
    if (!allowed) throw overLimit(limits);
  };
  const settleSession = (request: FastifyRequest, reply: FastifyReply, policy: RoutePolicy, live: Live | null) => {
    if (live === null) throw httpErrors.unauthenticated('the session is unknown or over: sign in again');
    assertFromPage(request, live.csrfToken, ports.cookie.publicOrigin);
    settle(request, reply, policy, live.principal);
  };
  app.addHook('onRequest', (request, reply, done) => {
    const policy = request.routeOptions.config.policy;
    if (policy === undefined || policy.kind === 'public') {
      done();
      return;
    }
    const { authorization } = request.headers;
    if (authorization === undefined && request.headers.cookie !== undefined) {
      const secret = ports.cookie.read(request)[0];
      if (secret !== undefined) {
        Promise.resolve(ports.sessions.authenticate(secret))
          .then((live) => settleSession(request, reply, policy, live))
          .then(() => done(), done);
        return;
      }
    }
    const byUrl = request.routeOptions.url?.startsWith('/compat/') === true;
    const token = bearerOf(authorization) ?? (byUrl ? passwordOf(authorization) : undefined);
    if (token === undefined) {
      done(httpErrors.unauthenticated('send `Authorization: Bearer <API key>`'));
      return;
    }
    const found = ports.authenticator.authenticate(token);
    if (found instanceof Promise) {
      found.then((principal) => settle(request, reply, policy, principal)).then(() => done(), done);
      return;
    }
    try {
      settle(request, reply, policy, found);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  });
}

/** `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-10), a member of the list for each limit. */
function showLimits(reply: FastifyReply, limits: readonly Limit[]): void {
  let policies = '';
  let states = '';
  for (const { name, limit, remaining, resetSeconds } of limits) {
    const comma = policies === '' ? '' : ', ';
    policies += `${comma}"${name}";q=${limit};w=60`;
    states += `${comma}"${name}";r=${remaining};t=${resetSeconds}`;
  }
  reply.header('RateLimit-Policy', policies);
  reply.header('RateLimit', states);
}

function overLimit(limits: readonly Limit[]): UnderstudyError {
  const violated = limits.filter(({ allowed }) => !allowed);
  const [first] = violated;
  return httpErrors.rate_limited(`this ${first?.name} may send ${first?.limit} requests a minute`, {
    retryAfterSeconds: Math.max(...violated.map(({ resetSeconds }) => resetSeconds)),
    details: { 'violated-policies': violated.map(({ name }) => name) },
  });
}

function permit(policy: RoutePolicy, principal: Principal): void {
  if (policy.kind === 'operator') {
    if (principal.kind !== 'operator') throw httpErrors.forbidden('only the operator may do this');
    return;
  }
  if (principal.kind === 'operator') {
    // The operator belongs to no workspace; only routes that say so serve it.
    if (policy.kind === 'scope' && principal.scopes.has(policy.scope)) return;
    throw httpErrors.forbidden('the operator key belongs to no workspace: use a key of the workspace');
  }
  if (policy.kind === 'scope' && !principal.scopes.has(policy.scope)) {
    const who = principal.kind === 'member' ? `the role ${principal.role ?? ''}` : 'the key';
    throw httpErrors.forbidden(`${who} lacks the scope ${policy.scope}`);
  }
}
