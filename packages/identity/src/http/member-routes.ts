import type { RoutePlugin } from '@understudy/kernel';
import { MemberChange, MemberRequest, PageQuery } from '@understudy/wire';
import { Type } from 'typebox';
import { etagOf } from '../member.ts';
import type { Members } from '../members.ts';
import type { Sessions } from '../sessions.ts';
import { DEFAULT_LIMIT, type PageParams, presentCode, presentMember, presentPage, readCursor } from './present.ts';

const Page = Type.Object(PageQuery, { additionalProperties: false });
const MemberPath = Type.Object({ id: Type.String({ maxLength: 100 }) });

interface Conditional {
  'if-match'?: string;
}

const conditions = (headers: Conditional) =>
  headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] };

/** `/v1/members…` */
export function memberRoutes(members: Members, sessions: Sessions): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'members:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'members:write' } } as const;

    app.get<{ Querystring: PageParams }>(
      '/v1/members',
      {
        config: read,
        schema: {
          summary: 'List the members, newest first',
          querystring: Page,
          response: { 200: { $ref: 'MemberList#' } },
        },
      },
      async (request) => {
        const limit = request.query.limit ?? DEFAULT_LIMIT;
        const page = { limit: limit + 1, ...readCursor('mem', request.query.cursor) };
        return presentPage(await members.list(request.principal, page), limit, presentMember);
      },
    );

    app.post<{ Body: MemberRequest }>(
      '/v1/members',
      {
        config: { ...write, idempotency: 'stored' },
        schema: { summary: 'Add a member', body: MemberRequest, response: { 201: { $ref: 'Member#' } } },
      },
      async (request, reply) => {
        const { name, email = null, role } = request.body;
        const { principal, id: requestId } = request;
        const member = await members.add({ principal, requestId }, { name, email, role });
        return reply.code(201).header('ETag', etagOf(member)).send(presentMember(member));
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/members/:id',
      {
        config: read,
        schema: { summary: 'Read a member', params: MemberPath, response: { 200: { $ref: 'Member#' } } },
      },
      async (request, reply) => {
        const member = await members.get(request.principal, request.params.id);
        reply.header('ETag', etagOf(member));
        return presentMember(member);
      },
    );

    app.patch<{ Params: { id: string }; Body: MemberChange; Headers: Conditional }>(
      '/v1/members/:id',
      {
        config: write,
        schema: {
          summary: 'Change name, address, role or whether they may sign in',
          params: MemberPath,
          body: MemberChange,
          response: { 200: { $ref: 'Member#' } },
        },
      },
      async (request, reply) => {
        const { principal, id: requestId, body, headers } = request;
        const caller = { principal, requestId };
        const member = await members.change(caller, request.params.id, body, conditions(headers));
        reply.header('ETag', etagOf(member));
        return presentMember(member);
      },
    );

    app.delete<{ Params: { id: string }; Headers: Conditional }>(
      '/v1/members/:id',
      {
        config: write,
        schema: {
          summary: 'Remove a member; what they did stays under their id',
          params: MemberPath,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        const { principal, id: requestId, headers } = request;
        await members.remove({ principal, requestId }, request.params.id, conditions(headers));
        return reply.code(204).send();
      },
    );

    app.post<{ Params: { id: string } }>(
      '/v1/members/:id/sign-in-codes',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'A one-time code that signs the member in',
          params: MemberPath,
          response: { 201: { $ref: 'SignInCode#' } },
        },
      },
      async (request, reply) => {
        const { principal, id: requestId } = request;
        const code = await sessions.issueCodeFor({ principal, requestId }, request.params.id);
        return reply.code(201).header('Cache-Control', 'no-store').send(presentCode(code));
      },
    );
  };
}
