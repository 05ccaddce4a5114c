import type { RoutePlugin } from '@understudy/kernel';
import { PageQuery, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { registryErrors } from '../errors.ts';
import type { Model, ModelVersion } from '../model.ts';
import type { Registry } from '../registry.ts';

const ModelPath = Type.Object({ model: Slug });
const VersionPath = Type.Object({ model: Slug, version: Type.String({ maxLength: 20 }) });
const AliasPath = Type.Object({ model: Slug, alias: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$' }) });
const Page = Type.Object(PageQuery, { additionalProperties: false });

interface PageParams {
  limit: number;
  cursor?: string;
}

const iso = (time: number) => new Date(time).toISOString();

const presentModel = (model: Model) => ({
  model: model.name,
  latest_version: String(model.latestVersion),
  aliases: model.aliases,
  created_at: iso(model.createdAt),
});

function presentVersion(version: ModelVersion, model: Model, certification: object | null) {
  const { lineage, artifact } = version;
  return {
    model: version.model,
    version: version.version,
    aliases: model.aliases.filter((alias) => alias.version === version.version).map(({ alias }) => alias),
    labels: version.labels,
    artifact: { format: artifact.format, sha256: artifact.sha256, bytes: artifact.bytes },
    lineage: {
      task_id: lineage.taskId,
      task_revision: lineage.taskRevision,
      training_run: lineage.trainingRun,
      dataset: lineage.dataset,
      trainer: lineage.trainer,
      parameters: lineage.parameters,
      seed: lineage.seed,
      code_version: lineage.codeVersion,
    },
    metrics: version.metrics,
    certification,
    created_at: iso(version.createdAt),
  };
}

/** Cursors are the last name or number seen, base64url so that nobody builds on their shape. */
const encode = (position: string) => Buffer.from(position).toString('base64url');
const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const NUMBER = /^[1-9]\d{0,8}$/;

function decode(cursor: string | undefined, shape: RegExp): { after?: string } {
  if (cursor === undefined) return {};
  const after = Buffer.from(cursor, 'base64url').toString();
  if (!shape.test(after)) throw registryErrors.invalid_cursor('the cursor is not one of this list');
  return { after };
}

function page<T>(rows: T[], limit: number, position: (row: T) => string) {
  const more = rows.length > limit;
  const data = more ? rows.slice(0, limit) : rows;
  return { data, next_cursor: more ? encode(position(data.at(-1)!)) : null };
}

/** What may be said about a version’s certification, by the room that knows. */
export type CertificationOf = (workspace: string, taskId: string, version: ModelVersion) => Promise<object | null>;

/** `/v1/models…` */
export function registryRoutes(
  registry: Registry,
  afterPromotion: (workspace: string, model: string) => void | Promise<void>,
  certificationOf: CertificationOf = async () => null,
): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'models:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'models:write' } } as const;

    app.get<{ Querystring: PageParams }>(
      '/v1/models',
      { config: read, schema: { querystring: Page, response: { 200: { $ref: 'ModelList#' } } } },
      async (request) => {
        const { limit, cursor } = request.query;
        const rows = await registry.models(request.principal.workspace, { limit: limit + 1, ...decode(cursor, NAME) });
        const { data, next_cursor } = page(rows, limit, (model) => model.name);
        return { data: data.map(presentModel), next_cursor };
      },
    );

    app.get<{ Params: { model: string } }>(
      '/v1/models/:model',
      { config: read, schema: { params: ModelPath, response: { 200: { $ref: 'Model#' } } } },
      async (request) => presentModel(await registry.model(request.principal.workspace, request.params.model)),
    );

    app.get<{ Params: { model: string }; Querystring: PageParams }>(
      '/v1/models/:model/versions',
      {
        config: read,
        schema: { params: ModelPath, querystring: Page, response: { 200: { $ref: 'ModelVersionList#' } } },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const { workspace } = request.principal;
        const model = await registry.model(workspace, request.params.model);
        const rows = await registry.versions(workspace, model.name, { limit: limit + 1, ...decode(cursor, NUMBER) });
        const { data, next_cursor } = page(rows, limit, (version) => version.version);
        const certifications = await Promise.all(
          data.map((version) => certificationOf(workspace, version.lineage.taskId, version)),
        );
        return { data: data.map((version, i) => presentVersion(version, model, certifications[i]!)), next_cursor };
      },
    );

    app.get<{ Params: { model: string; version: string } }>(
      '/v1/models/:model/versions/:version',
      { config: read, schema: { params: VersionPath, response: { 200: { $ref: 'ModelVersion#' } } } },
      async (request) => {
        const { workspace } = request.principal;
        const version = await registry.version(workspace, request.params.model, request.params.version);
        const model = await registry.model(workspace, version.model);
        return presentVersion(version, model, await certificationOf(workspace, version.lineage.taskId, version));
      },
    );

    app.get<{ Params: { model: string } }>(
      '/v1/models/:model/aliases',
      { config: read, schema: { params: ModelPath, response: { 200: { $ref: 'AliasHistory#' } } } },
      async (request) => {
        const { workspace } = request.principal;
        const model = await registry.model(workspace, request.params.model);
        const changes = await registry.history(workspace, model.name, 100);
        return { data: changes.map((change) => ({ ...change, at: iso(change.at) })) };
      },
    );

    app.put<{ Params: { model: string; alias: string }; Body: { version: string; reason?: string } }>(
      '/v1/models/:model/aliases/:alias',
      {
        config: write,
        schema: { params: AliasPath, body: { $ref: 'AliasRequest#' }, response: { 200: { $ref: 'Alias#' } } },
      },
      async (request) => {
        const { model, alias } = request.params;
        const version = await registry.setAlias(request.principal, model, alias, request.body.version, {
          reason: request.body.reason ?? 'set by hand',
          requestId: request.id,
        });
        await afterPromotion(request.principal.workspace, model);
        return { model, alias, version: version.version };
      },
    );

    app.delete<{ Params: { model: string; alias: string } }>(
      '/v1/models/:model/aliases/:alias',
      { config: write, schema: { params: AliasPath, response: { 204: Type.Null() } } },
      async (request, reply) => {
        const { model, alias } = request.params;
        await registry.removeAlias(request.principal, model, alias, {
          reason: 'removed by hand',
          requestId: request.id,
        });
        await afterPromotion(request.principal.workspace, model);
        return reply.code(204).send();
      },
    );
  };
}
