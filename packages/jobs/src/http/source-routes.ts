import { decisionsErrors } from '@understudy/decisions';
import type { RoutePlugin } from '@understudy/kernel';
import { Slug, SourceQuery, type SourceRequest, type Source as SourceWire } from '@understudy/wire';
import { Type } from 'typebox';
import { lagOf, type SourceView, sourceEtag, stateOf } from '../sources/source.ts';
import type { SourceConditions, Sources } from '../sources/sources.ts';

const SourcePath = Type.Object({ source: Slug });

interface Headers {
  'if-match'?: string;
  'if-none-match'?: string;
}

const conditions = (headers: Headers): SourceConditions => ({
  ...(headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] }),
  ...(headers['if-none-match'] === '*' ? { createOnly: true } : {}),
});

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

function presentSource(view: SourceView): SourceWire {
  const { source, figures, reports } = view;
  const { bus, topic, group, task, format, mapping, replyTo } = source.definition;
  const { state, problem } = stateOf(view);
  return {
    id: source.id,
    source: source.name,
    bus,
    topic,
    group,
    task,
    format,
    mapping: {
      input: mapping.input,
      ...(mapping.externalId === null ? {} : { external_id: mapping.externalId }),
      ...(mapping.subject === null ? {} : { subject: mapping.subject }),
      ...(Object.keys(mapping.attributes).length === 0 ? {} : { attributes: { ...mapping.attributes } }),
      ...(mapping.id === null ? {} : { id: mapping.id }),
    },
    reply_to: replyTo === null ? null : { bus: replyTo.bus, topic: replyTo.topic, from_message: replyTo.fromMessage },
    state: state as SourceWire['state'],
    problem,
    failing_since: isoOrNull(figures.failingSince),
    lag: lagOf(view),
    workers: reports.length,
    counts: {
      messages: figures.messages,
      decided: figures.decided,
      unprocessable: figures.unprocessable,
      duplicates: figures.duplicates,
    },
    last_message_at: isoOrNull(figures.lastMessageAt),
    created_at: iso(source.createdAt),
    updated_at: iso(source.updatedAt),
  };
}

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;

/** A cursor is the last name seen, base64url so that nobody builds on its shape. */
function positionOf(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const name = Buffer.from(cursor, 'base64url').toString();
  if (!SLUG.test(name)) throw decisionsErrors.invalid_cursor('the cursor is not one of this list');
  return name;
}

/** `/v1/sources…` */
export function sourceRoutes(sources: Sources): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'sources:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'sources:write' } } as const;

    app.put<{ Params: { source: string }; Body: SourceRequest; Headers: Headers }>(
      '/v1/sources/:source',
      {
        config: write,
        schema: {
          summary: 'Take items from a topic, queue or POST /v1/events',
          params: SourcePath,
          body: { $ref: 'SourceRequest#' },
          response: { 200: { $ref: 'Source#' }, 201: { $ref: 'Source#' } },
        },
      },
      async ({ principal, params, body, headers, id }, reply) => {
        const { view, created } = await sources.put(principal, params.source, body, conditions(headers), id);
        reply.header('ETag', sourceEtag(view.source));
        return reply.code(created ? 201 : 200).send(presentSource(view));
      },
    );

    app.get<{ Params: { source: string } }>(
      '/v1/sources/:source',
      {
        config: read,
        schema: {
          summary: 'A source, how it fares and what it has done',
          params: SourcePath,
          response: { 200: { $ref: 'Source#' } },
        },
      },
      async ({ principal, params }, reply) => {
        const view = await sources.get(principal.workspace, params.source);
        reply.header('ETag', sourceEtag(view.source));
        return presentSource(view);
      },
    );

    app.get<{ Querystring: { limit?: number; cursor?: string } }>(
      '/v1/sources',
      {
        config: read,
        schema: { summary: 'List sources', querystring: SourceQuery, response: { 200: { $ref: 'SourceList#' } } },
      },
      async ({ principal, query }) => {
        const limit = query.limit ?? 50;
        const page = { limit: limit + 1, after: positionOf(query.cursor) };
        const views = await sources.list(principal.workspace, page);
        const data = views.slice(0, limit);
        const last = data.at(-1);
        return {
          data: data.map(presentSource),
          next_cursor:
            views.length > limit && last !== undefined ? Buffer.from(last.source.name).toString('base64url') : null,
        };
      },
    );

    app.delete<{ Params: { source: string }; Headers: Headers }>(
      '/v1/sources/:source',
      {
        config: write,
        schema: {
          summary: 'Take no more items; what waits in the broker stays there',
          params: SourcePath,
          response: { 204: Type.Null() },
        },
      },
      async ({ principal, params, headers, id }, reply) => {
        await sources.remove(principal, params.source, headers['if-match'], id);
        return reply.code(204).send();
      },
    );

    for (const [action, paused] of [
      ['pause', true],
      ['resume', false],
    ] as const) {
      app.post<{ Params: { source: string } }>(
        `/v1/sources/:source/${action}`,
        {
          config: write,
          schema: {
            summary: paused ? 'Take no items for now' : 'Take items again',
            params: SourcePath,
            response: { 200: { $ref: 'Source#' } },
          },
        },
        async ({ principal, params, id }, reply) => {
          const view = await sources.pause(principal, params.source, paused, id);
          reply.header('ETag', sourceEtag(view.source));
          return presentSource(view);
        },
      );
    }
  };
}
