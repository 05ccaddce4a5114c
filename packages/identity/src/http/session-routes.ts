import type { RoutePlugin } from '@understudy/kernel';
import { SessionRequest, SessionSwitch } from '@understudy/wire';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { KeyAuthenticator } from '../authenticator.ts';
import { identityErrors } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { RateDecision } from '../rate-limiter.ts';
import { IDLE_MS } from '../session.ts';
import type { LiveSession, SessionAuthenticator } from '../session-authenticator.ts';
import type { NewSession, Sessions } from '../sessions.ts';
import { presentCode, presentWorkspace } from './present.ts';
import { assertSameOrigin } from './request-origin.ts';
import type { SessionCookie } from './session-cookie.ts';

export interface SessionRoutePorts {
  identity: Identity;
  sessions: Sessions;
  authenticator: SessionAuthenticator;
  keys: KeyAuthenticator;
  cookie: SessionCookie;
  /** Counts attempts to sign in by where they come from. */
  attempts: { take(from: { id: string }): RateDecision };
}

/** A session of this browser, with its secret. */
interface Held {
  secret: string;
  live: LiveSession;
}

/** `/v1/session…`: signing in and out, and the workspaces of one browser. */
export function sessionRoutes(ports: SessionRoutePorts): RoutePlugin {
  const { identity, sessions, authenticator, keys, cookie, attempts } = ports;

  /** The sessions of this browser that are alive, the active one first. */
  const held = async (request: FastifyRequest): Promise<Held[]> => {
    const all = await Promise.all(
      cookie.read(request).map(async (secret) => ({ secret, live: await authenticator.authenticate(secret) })),
    );
    return all.filter((one): one is Held => one.live !== null);
  };

  const summary = async ({ principal, expiresAt }: LiveSession) => {
    const { workspace, id, name, role } = await identity.whoAmI(principal);
    return {
      workspace: presentWorkspace(workspace),
      principal: { kind: principal.kind, id, name, role },
      expires_at: new Date(expiresAt).toISOString(),
    };
  };

  const answer = async (reply: FastifyReply, live: LiveSession) => {
    reply.header('Cache-Control', 'no-store');
    return {
      id: live.principal.session,
      ...(await summary(live)),
      scopes: [...live.principal.scopes],
      csrf_token: live.csrfToken,
      idle_seconds: IDLE_MS / 1000,
    };
  };

  /** The session that this request came with. */
  const active = async (request: FastifyRequest): Promise<Held> => {
    const { session } = request.principal;
    const found =
      session === undefined ? undefined : (await held(request)).find(({ live }) => live.principal.session === session);
    if (found === undefined)
      throw identityErrors.unauthenticated('the request came without a session’s cookie; `/v1/me` is for keys');
    return found;
  };

  const open = async (body: SessionRequest, requestId: string): Promise<NewSession> => {
    if ('code' in body) return sessions.redeem(body.code.trim(), requestId);
    const principal = await keys.authenticate(body.api_key.trim());
    if (principal === null) throw identityErrors.sign_in_refused('the API key is unknown, expired or revoked');
    if (principal.kind === 'operator') {
      throw identityErrors.operator_cannot_sign_in('the operator belongs to no workspace: use a code or key of one');
    }
    return sessions.openFor(principal, requestId);
  };

  /** Here at once; elsewhere as soon as the notification arrives. */
  const end = async ({ principal }: LiveSession, requestId: string): Promise<void> => {
    await sessions.end(principal, requestId);
    authenticator.invalidate(principal.session);
  };

  return (app) => {
    const anybody = { policy: { kind: 'public' } } as const;
    const authenticated = { policy: { kind: 'authenticated' } } as const;

    app.post<{ Body: SessionRequest }>(
      '/v1/session',
      {
        config: anybody,
        schema: {
          summary: 'Sign a browser in, with a one-time code or an API key; sets the session’s cookie',
          body: SessionRequest,
          response: { 201: { $ref: 'Session#' } },
        },
      },
      async (request, reply) => {
        assertSameOrigin(request, cookie.publicOrigin, false);
        const budget = attempts.take({ id: request.ip });
        if (!budget.allowed) {
          throw identityErrors.too_many_sign_ins('too many attempts to sign in from this address', {
            retryAfterSeconds: budget.resetSeconds,
          });
        }
        const { secret, session } = await open(request.body, request.id);
        const live = await authenticator.authenticate(secret);
        if (live === null) throw identityErrors.sign_in_refused('the session ended at once');
        const before = await held(request);
        const others = before.filter(({ live: { principal } }) => principal.workspace !== session.workspace);
        for (const { live: old } of before) {
          if (old.principal.workspace === session.workspace) await end(old, request.id);
        }
        cookie.write(request, reply, [secret, ...others.map((other) => other.secret)]);
        return reply.code(201).send(await answer(reply, live));
      },
    );

    app.get(
      '/v1/session',
      {
        config: authenticated,
        schema: { summary: 'The active session of this browser', response: { 200: { $ref: 'Session#' } } },
      },
      async (request, reply) => answer(reply, (await active(request)).live),
    );

    app.delete(
      '/v1/session',
      {
        config: authenticated,
        schema: { summary: 'Sign this browser out of every workspace', response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await active(request);
        for (const { live } of await held(request)) {
          await end(live, request.id);
        }
        cookie.write(request, reply, []);
        return reply.code(204).send();
      },
    );

    app.get(
      '/v1/session/workspaces',
      {
        config: authenticated,
        schema: {
          summary: 'The workspaces that this browser is signed in to',
          response: { 200: { $ref: 'SessionWorkspaces#' } },
        },
      },
      async (request) => {
        const { live: current } = await active(request);
        const data = await Promise.all(
          (await held(request)).map(async ({ live }) => ({
            ...(await summary(live)),
            active: live.principal.session === current.principal.session,
          })),
        );
        return { data };
      },
    );

    app.post<{ Body: SessionSwitch }>(
      '/v1/session/switch',
      {
        config: authenticated,
        schema: {
          summary: 'Make another workspace that this browser is signed in to the active one',
          body: SessionSwitch,
          response: { 200: { $ref: 'Session#' } },
        },
      },
      async (request, reply) => {
        await active(request);
        const all = await held(request);
        const wanted = all.find(({ live }) => live.principal.workspace === request.body.workspace);
        if (wanted === undefined) {
          throw identityErrors.no_session('this browser is not signed in to that workspace');
        }
        cookie.write(
          request,
          reply,
          [wanted, ...all.filter((one) => one !== wanted)].map(({ secret }) => secret),
        );
        return answer(reply, wanted.live);
      },
    );

    app.post(
      '/v1/session/sign-in-codes',
      {
        config: { ...authenticated, idempotency: 'stored' },
        schema: {
          summary: 'A one-time code that signs another browser in as the caller',
          response: { 201: { $ref: 'SignInCode#' } },
        },
      },
      async (request, reply) => {
        const code = await sessions.issueOwnCode({ principal: request.principal, requestId: request.id });
        return reply.code(201).header('Cache-Control', 'no-store').send(presentCode(code));
      },
    );
  };
}
