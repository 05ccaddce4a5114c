import { Readable } from 'node:stream';
import {
  type DatasetVersion as DatasetBody,
  DatasetDataQuery,
  DatasetDiffQuery,
  DatasetId,
  PageQuery,
  Slug,
} from '@understudy/wire';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type DatasetVersion, isDatasetId } from '../dataset.ts';
import {
  CHANGES,
  type Change,
  type DifferencePlace,
  type DifferenceSummary,
  type RowDifference,
} from '../dataset-difference.ts';
import type { Datasets } from '../datasets.ts';
import { lakeErrors } from '../errors.ts';
import { asCsv, asNdjson } from './dataset-export.ts';

const MEDIA_TYPES = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
} as const;

function presentDataset(dataset: DatasetVersion): DatasetBody {
  const { id, rows, labels, groups, conflicts, sources, createdAt } = dataset;
  return { id, rows, labels, groups, conflicts, sources, created_at: new Date(createdAt).toISOString() };
}

function beforeCursor(cursor: string | undefined): { before?: string } {
  if (cursor === undefined) return {};
  const before = Buffer.from(cursor, 'base64url').toString();
  if (!isDatasetId(before)) throw lakeErrors.invalid_cursor('the cursor is not one of this list');
  return { before };
}

function afterPlace(cursor: string | undefined): { after?: DifferencePlace } {
  if (cursor === undefined) return {};
  const [change, digest = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!CHANGES.includes(change as Change) || !/^[0-9a-f]{64}$/.test(digest)) {
    throw lakeErrors.invalid_cursor('the cursor is not one of this list');
  }
  return { after: { change: change as Change, digest } };
}

async function* asDifferenceNdjson(parts: AsyncIterable<DifferenceSummary | RowDifference[]>): AsyncGenerator<string> {
  for await (const part of parts) {
    if (Array.isArray(part)) yield part.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
}

/** Dataset versions. */
export function datasetRoutes(app: FastifyInstance, datasets: Datasets): void {
  const read = { policy: { kind: 'scope', scope: 'datasets:read' } } as const;
  const TaskPath = Type.Object({ task: Slug });
  const DatasetPath = Type.Object({ task: Slug, dataset: DatasetId });

  app.post<{ Params: { task: string } }>(
    '/v1/tasks/:task/datasets',
    {
      config: { policy: { kind: 'scope', scope: 'datasets:write' }, idempotency: 'stored' },
      schema: {
        summary: 'Snapshot the examples as a dataset version; the same rows give the same one',
        params: TaskPath,
        response: { 200: { $ref: 'DatasetVersion#' }, 201: { $ref: 'DatasetVersion#' } },
      },
    },
    async (request, reply) => {
      checkEmpty(request.body);
      const { workspace } = request.principal;
      const { dataset, created } = await datasets.snapshot(workspace, request.params.task, request.aborted);
      if (created) reply.header('Location', `/v1/tasks/${request.params.task}/datasets/${dataset.id}`);
      return reply.code(created ? 201 : 200).send(presentDataset(dataset));
    },
  );

  app.get<{ Params: { task: string }; Querystring: { limit?: number; cursor?: string } }>(
    '/v1/tasks/:task/datasets',
    {
      config: read,
      schema: {
        summary: 'List dataset versions, newest first',
        params: TaskPath,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: { 200: { $ref: 'DatasetList#' } },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const page = { limit: limit + 1, ...beforeCursor(cursor) };
      const rows = await datasets.list(request.principal.workspace, request.params.task, page);
      const data = rows.slice(0, limit);
      const next = rows.length > limit ? Buffer.from(data.at(-1)!.id).toString('base64url') : null;
      return { data: data.map(presentDataset), next_cursor: next };
    },
  );

  app.get<{ Params: { task: string; dataset: string } }>(
    '/v1/tasks/:task/datasets/:dataset',
    {
      config: read,
      schema: {
        summary: 'Read a dataset version',
        params: DatasetPath,
        response: { 200: { $ref: 'DatasetVersion#' } },
      },
    },
    async (request) => {
      const { task, dataset } = request.params;
      return presentDataset(await datasets.get(request.principal.workspace, task, dataset));
    },
  );

  app.get<{
    Params: { task: string; dataset: string };
    Querystring: { base: string; change?: Change; limit?: number; cursor?: string; format?: 'json' | 'ndjson' };
  }>(
    '/v1/tasks/:task/datasets/:dataset/diff',
    {
      config: read,
      schema: {
        summary: 'The rows in which a dataset version differs from another: relabelled, added, removed',
        params: DatasetPath,
        querystring: DatasetDiffQuery,
        produces: [MEDIA_TYPES.ndjson],
        response: { 200: { $ref: 'DatasetDiff#' } },
      },
    },
    async (request, reply) => {
      const { task, dataset: id } = request.params;
      const { base: baseId, change, limit, cursor, format = 'json' } = request.query;
      const { workspace } = request.principal;
      const [base, dataset] = [await datasets.get(workspace, task, baseId), await datasets.get(workspace, task, id)];
      const query = { ...(change === undefined ? {} : { change }), ...afterPlace(cursor) };
      if (format === 'ndjson') {
        if (limit !== undefined || cursor !== undefined) {
          throw lakeErrors.invalid_cursor('ndjson has all rows: leave limit and cursor out');
        }
        const rows = asDifferenceNdjson(await begun(datasets.differences(base, dataset, query), request.aborted));
        return reply
          .serializer((payload: unknown) => payload as string)
          .type(MEDIA_TYPES.ndjson)
          .send(Readable.from(rows, { objectMode: false }));
      }
      const { summary, rows, next } = await datasets.difference(base, dataset, { ...query, limit: limit ?? 50 });
      const next_cursor = next === null ? null : Buffer.from(`${next.change} ${next.digest}`).toString('base64url');
      return { base: base.id, dataset: dataset.id, summary, data: rows, next_cursor };
    },
  );

  app.get<{
    Params: { task: string; dataset: string };
    Querystring: { format?: keyof typeof MEDIA_TYPES; provenance?: 'include' };
  }>(
    '/v1/tasks/:task/datasets/:dataset/data',
    {
      config: read,
      schema: {
        summary: 'Download the rows',
        params: DatasetPath,
        querystring: DatasetDataQuery,
        produces: Object.values(MEDIA_TYPES).map((type) => type.split(';')[0]!),
      },
    },
    async (request, reply) => {
      const { task, dataset: id } = request.params;
      const format = request.query.format ?? 'parquet';
      const provenance = request.query.provenance === 'include';
      const dataset = await datasets.get(request.principal.workspace, task, id);
      const data =
        format === 'parquet'
          ? await begun(datasets.readParquet(dataset), request.aborted)
          : format === 'csv'
            ? asCsv(await begun(datasets.readRows(dataset), request.aborted), dataset.attributes, provenance)
            : asNdjson(await begun(datasets.readRows(dataset), request.aborted), provenance);
      reply.type(MEDIA_TYPES[format]);
      reply.header('Content-Disposition', `attachment; filename="${task}-${id.slice(7, 19)}.${format}"`);
      if (format === 'parquet') reply.header('Content-Length', String(dataset.object.bytes));
      return reply.send(Readable.from(data, { objectMode: false }));
    },
  );
}

/**
 * Waits for the first piece, so that a missing or damaged file is still a problem and not a broken download. Ends the
 * source when the client goes away, also before anything has been read from the result.
 */
async function begun<T>(pieces: AsyncIterable<T>, signal: AbortSignal | undefined): Promise<AsyncIterable<T>> {
  const iterator = pieces[Symbol.asyncIterator]();
  signal?.addEventListener('abort', () => void iterator.return?.(), { once: true });
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

/** A snapshot takes no parameters: nothing, or an empty object. */
function checkEmpty(body: unknown): void {
  if (body === undefined || body === null) return;
  const names = typeof body === 'object' ? Object.keys(body) : [''];
  if (names.length === 0) return;
  const problems = names.map((name) => ({ pointer: `/${name}`, code: 'unknown_field', detail: 'is not known here' }));
  throw lakeErrors.unknown_field('this request takes no fields', { problems });
}
