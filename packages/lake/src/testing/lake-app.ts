import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, type Principal, silentLogger, systemClock } from '@understudy/kernel';
import * as wire from '@understudy/wire';
import fastify, { type FastifyInstance } from 'fastify';
import { Datasets } from '../datasets.ts';
import { Examples } from '../examples.ts';
import { lakeRoutes } from '../http/index.ts';
import { lakeMigrations, ParquetDatasetFiles, PostgresDatasetStore, PostgresExampleStore } from '../storage/index.ts';
import { FixedTaskRules } from './fixed-task-rules.ts';
import { MemoryObjectStore } from './memory-object-store.ts';
import { MemorySpool } from './memory-spool.ts';

export interface LakeApp {
  app: FastifyInstance;
  db: TestDatabase;
  rules: FixedTaskRules;
  objects: MemoryObjectStore;
  spool: MemorySpool;
  examples: Examples;
  datasets: Datasets;
  principal: Principal;
  /** How many rows a task has, seen past row-level security. */
  count(taskId?: string): Promise<number>;
  /** What lies in the work directory of dataset files. */
  scratchFiles(): Promise<string[]>;
  close(): Promise<void>;
}

export const workspace = 'ws_test';

/**
 * The room on a real PostgreSQL behind a bare Fastify that answers errors as `{code, …details}`: 400 for coded ones.
 * The caller is who the header `x-workspace` names.
 */
export async function createLakeApp(): Promise<LakeApp> {
  const directory = await mkdtemp(join(tmpdir(), 'understudy-lake-'));
  const db = await createTestDatabase({ migrations: [lakeMigrations] });
  const rules = new FixedTaskRules();
  rules.set(workspace, 'moderation', {
    taskId: 'task_1',
    labels: ['ok', 'spam', 'toxic'],
    input: { text: { type: 'string', max_length: 20_000 } },
  });
  const objects = new MemoryObjectStore();
  const spool = new MemorySpool();
  const store = new PostgresExampleStore(db.database);
  const files = await ParquetDatasetFiles.open({
    directory,
    logger: silentLogger,
  });
  const examples = new Examples({
    rules,
    store,
    spool,
    clock: systemClock,
  });
  const datasets = new Datasets({
    rules,
    examples: store,
    store: new PostgresDatasetStore(db.database),
    objects,
    files,
    clock: systemClock,
  });
  const principalOf = (name: string): Principal => ({
    kind: 'api_key',
    workspace: name,
    id: 'key_1',
    scopes: new Set(),
  });

  const app = fastify({ ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false } } });
  for (const schema of Object.values(wire)) {
    if (typeof schema === 'object' && schema !== null && '$id' in schema) app.addSchema(schema);
  }
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', async (request) => {
    request.principal = principalOf(String(request.headers['x-workspace'] ?? workspace));
  });
  app.setErrorHandler((error, _request, reply) => {
    if (isUnderstudyError(error)) {
      return reply
        .code(400)
        .send({ code: error.code, detail: error.message, errors: error.problems, ...error.details });
    }
    return reply
      .code((error as { statusCode?: number }).statusCode ?? 500)
      .send({ code: 'other', detail: String(error) });
  });
  app.register(async (scope) => lakeRoutes({ examples, datasets })(scope));
  await app.ready();

  return {
    app,
    db,
    rules,
    objects,
    spool,
    examples,
    datasets,
    principal: principalOf(workspace),
    count: async (taskId = 'task_1') => {
      const [row] = await db.asOwner<{ n: string }>('SELECT count(*) AS n FROM lake.examples WHERE task_id = $1', [
        taskId,
      ]);
      return Number(row!.n);
    },
    scratchFiles: () => readdir(directory),
    close: async () => {
      await app.close();
      await db.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
