import type { RoutePlugin } from '@understudy/kernel';
import { ApiKeyRequest, AuditQuery, PageQuery, WorkspaceRequest } from '@understudy/wire';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { KeyRequest } from '../api-key.ts';
import type { Caller } from '../caller.ts';
import type { Identity } from '../identity.ts';
import {
  DEFAULT_LIMIT,
  isoOrNull,
  type PageParams,
  presentCode,
  presentEntry,
  presentKey,
  presentLimit,
  presentMember,
  presentPage,
  presentWorkspace,
  readCursor,
} from './present.ts';

const Page = Type.Object(PageQuery, { additionalProperties: false });
const KeyPath = Type.Object({ id: Type.String({ maxLength: 100 }) });

const caller = (request: FastifyRequest): Caller => ({ principal: request.principal, requestId: request.id });
const limitOf = ({ limit }: PageParams) => limit ?? DEFAULT_LIMIT;

function toRequest(body: ApiKeyRequest): KeyRequest {
  return {
    name: body.name,
    scopes: body.scopes,
    ...(body.expires_at === undefined ? {} : { expiresAt: Date.parse(body.expires_at) }),
    ...(body.rate_limit === undefined ? {} : { requestsPerMinute: body.rate_limit.requests_per_minute }),
  };
}

/**
 * `/v1/me`, `/v1/keys`, `/v1/audit-log`, and for the operator `/v1/workspaces`.
 *
 * @param forget lets go of what this process remembers of a key; the others hear of it by a notification
 */
export function identityRoutes(identity: Identity, forget: (keyId: string) => void): RoutePlugin {
  return (app) => {
    const scope = (name: string) => ({ policy: { kind: 'scope', scope: name } }) as const;
    const operator = { policy: { kind: 'operator' } } as const;
    // The stored answers of these two hold a secret: the server's idempotency store keeps them encrypted.
    const stored = { idempotency: 'stored' } as const;

    app.get(
      '/v1/me',
      { config: { policy: { kind: 'authenticated' } }, schema: { response: { 200: { $ref: 'Me#' } } } },
      async (request) => {
        const { workspace, ...who } = await identity.whoAmI(request.principal);
        return {
          workspace: presentWorkspace(workspace),
          principal: {
            kind: request.principal.kind,
            id: who.id,
            name: who.name,
            role: who.role,
            expires_at: isoOrNull(who.expiresAt),
          },
          scopes: who.scopes,
          rate_limit: presentLimit(who.requestsPerMinute),
        };
      },
    );

    app.get<{ Querystring: PageParams }>(
      '/v1/keys',
      { config: scope('keys:read'), schema: { querystring: Page, response: { 200: { $ref: 'ApiKeyList#' } } } },
      async (request) => {
        const limit = limitOf(request.query);
        const page = { limit: limit + 1, ...readCursor('key', request.query.cursor) };
        return presentPage(await identity.listKeys(request.principal, page), limit, presentKey);
      },
    );

    app.post<{ Body: ApiKeyRequest }>(
      '/v1/keys',
      {
        config: { ...scope('keys:write'), ...stored },
        schema: { body: ApiKeyRequest, response: { 201: { $ref: 'NewApiKey#' } } },
      },
      async (request, reply) => {
        const { key, secret } = await identity.createKey(caller(request), toRequest(request.body));
        return reply
          .code(201)
          .header('Cache-Control', 'no-store')
          .send({ ...presentKey(key), secret });
      },
    );

    app.delete<{ Params: { id: string } }>(
      '/v1/keys/:id',
      { config: scope('keys:write'), schema: { params: KeyPath, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await identity.revokeKey(caller(request), request.params.id);
        forget(request.params.id); // here at once; elsewhere as soon as the notification arrives
        return reply.code(204).send();
      },
    );

    app.get<{ Querystring: AuditQuery }>(
      '/v1/audit-log',
      { config: scope('audit:read'), schema: { querystring: AuditQuery, response: { 200: { $ref: 'AuditLog#' } } } },
      async (request) => {
        const { cursor, action, resource, from, to } = request.query;
        const limit = limitOf(request.query);
        const entries = await identity.auditLog(request.principal, {
          limit: limit + 1,
          ...readCursor('aud', cursor),
          ...(action === undefined ? {} : { action }),
          ...(resource === undefined ? {} : { resource }),
          ...(from === undefined ? {} : { from: Date.parse(from) }),
          ...(to === undefined ? {} : { to: Date.parse(to) }),
        });
        return presentPage(entries, limit, presentEntry);
      },
    );

    app.get<{ Querystring: PageParams }>(
      '/v1/workspaces',
      { config: operator, schema: { querystring: Page, response: { 200: { $ref: 'WorkspaceList#' } } } },
      async (request) => {
        const limit = limitOf(request.query);
        const page = { limit: limit + 1, ...readCursor('ws', request.query.cursor) };
        return presentPage(await identity.listWorkspaces(page), limit, presentWorkspace);
      },
    );

    app.post<{ Body: WorkspaceRequest }>(
      '/v1/workspaces',
      {
        config: { ...operator, ...stored },
        schema: { body: WorkspaceRequest, response: { 201: { $ref: 'NewWorkspace#' } } },
      },
      async (request, reply) => {
        const { name, demo, owner } = request.body;
        const made = await identity.createWorkspace(caller(request), {
          name,
          ...(demo === undefined ? {} : { demo }),
          ...(owner === undefined ? {} : { owner: { name: owner.name, email: owner.email ?? null } }),
        });
        return reply
          .code(201)
          .header('Cache-Control', 'no-store')
          .send({
            workspace: presentWorkspace(made.workspace),
            key: { ...presentKey(made.key), secret: made.secret },
            ...(made.owner === null
              ? {}
              : { owner: { member: presentMember(made.owner.member), sign_in: presentCode(made.owner.code) } }),
          });
      },
    );
  };
}
