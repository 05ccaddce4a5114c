import { Readable } from 'node:stream';
import type { RoutePlugin } from '@understudy/kernel';
import { DecisionQuery, type LabelRequest, VerifyQuery } from '@understudy/wire';
import { Type } from 'typebox';
import { decisionSummary, labelBody } from '../bodies.ts';
import type { DecisionHistory } from '../decision-history.ts';
import type { EchoStore } from '../echo.ts';
import { ledgerErrors } from '../errors.ts';
import type { DecisionFilter, LedgerStorage } from '../ports.ts';
import { proveConsistency, proveDecision } from '../proof.ts';
import { exportLedger } from '../verification/export.ts';
import { verifyLedger } from '../verification/verify-ledger.ts';
import { presentDetail, presentHead, presentProof } from './present.ts';

export interface LedgerRoutePorts {
  history: DecisionHistory;
  storage: LedgerStorage;
  echoes: Pick<EchoStore, 'list'>;
}

const NDJSON = 'application/x-ndjson';
const DEFAULT_LIMIT = 50;

const DecisionPath = Type.Object({ id: Type.String({ maxLength: 100 }) });
const ProofQuery = Type.Object({ decision: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
const ConsistencyQuery = Type.Object(
  { from: Type.Integer({ minimum: 1 }), to: Type.Optional(Type.Integer({ minimum: 1 })) },
  { additionalProperties: false },
);

function filterOf(query: DecisionQuery): DecisionFilter {
  const filter: DecisionFilter = {};
  if (query.task !== undefined) filter.task = query.task;
  if (query.outcome !== undefined) filter.outcome = query.outcome;
  if (query.label !== undefined) filter.label = query.label;
  if (query.model_version !== undefined) filter.modelVersion = query.model_version;
  if (query.subject !== undefined) filter.subject = query.subject;
  if (query.external_id !== undefined) filter.externalId = query.external_id;
  if (query.from !== undefined) filter.from = Date.parse(query.from);
  if (query.to !== undefined) filter.to = Date.parse(query.to);
  return filter;
}

/** `/v1/decisions…` and `/v1/ledger/…`. */
export function ledgerRoutes({ history, storage, echoes }: LedgerRoutePorts): RoutePlugin {
  return (app) => {
    const scope = (name: string) => ({ policy: { kind: 'scope', scope: name } }) as const;

    app.get<{ Querystring: DecisionQuery }>(
      '/v1/decisions',
      {
        config: scope('decisions:read'),
        schema: { querystring: DecisionQuery, response: { 200: Type.Ref('DecisionList') } },
      },
      async ({ principal, query }) => {
        const page = { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor };
        const { decisions, nextCursor } = await history.list(principal.workspace, filterOf(query), page);
        return { data: decisions.map(decisionSummary), next_cursor: nextCursor };
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/decisions/:id',
      {
        config: scope('decisions:read'),
        schema: { params: DecisionPath, response: { 200: Type.Ref('DecisionDetail') } },
      },
      async ({ principal, params }) => {
        const { decision, labels } = await history.get(principal.workspace, params.id);
        return presentDetail(decision, labels);
      },
    );

    app.post<{ Params: { id: string }; Body: LabelRequest }>(
      '/v1/decisions/:id/labels',
      {
        config: { ...scope('labels:write'), idempotency: 'stored' },
        schema: { params: DecisionPath, body: Type.Ref('LabelRequest'), response: { 201: Type.Ref('DecisionLabel') } },
      },
      async ({ principal, params, body }, reply) => {
        const { label: name, source, note, person } = body;
        const given = { label: name, source, note, person, principal: principal.id };
        const label = await history.addLabel(principal.workspace, params.id, given);
        return reply.code(201).send(labelBody(params.id, label));
      },
    );

    app.get(
      '/v1/label-sources',
      {
        config: scope('decisions:read'),
        schema: {
          summary: 'Who feeds labels back, and whether they look',
          response: { 200: Type.Ref('LabelSourceList') },
        },
      },
      async ({ principal }) => ({
        data: (await echoes.list(principal.workspace)).map(({ principal: id, labels, agreed, alwaysAgrees }) => ({
          given_by: id,
          labels,
          agreed,
          always_agrees: alwaysAgrees,
        })),
      }),
    );

    app.get(
      '/v1/ledger/head',
      { config: scope('ledger:read'), schema: { response: { 200: Type.Ref('LedgerHead') } } },
      async ({ principal }) => presentHead(await storage.head(principal.workspace)),
    );

    app.get<{ Querystring: { decision: string } }>(
      '/v1/ledger/proof',
      { config: scope('ledger:read'), schema: { querystring: ProofQuery, response: { 200: Type.Ref('LedgerProof') } } },
      async ({ principal, query }) => {
        if (query.decision.includes('\0')) throw ledgerErrors.decision_not_found('There is no such decision.');
        return presentProof(await proveDecision(storage, principal.workspace, query.decision));
      },
    );

    app.get<{ Querystring: { from: number; to?: number } }>(
      '/v1/ledger/consistency',
      {
        config: scope('ledger:read'),
        schema: { querystring: ConsistencyQuery, response: { 200: Type.Ref('LedgerConsistency') } },
      },
      async ({ principal, query }) => proveConsistency(storage, principal.workspace, query.from, query.to),
    );

    app.get(
      '/v1/ledger/export',
      { config: scope('ledger:read'), schema: { produces: [NDJSON] } },
      async (request, reply) => {
        const lines = await begun(exportLedger(storage, request.principal.workspace));
        return reply.type(NDJSON).send(Readable.from(lines));
      },
    );

    app.get<{ Querystring: VerifyQuery }>(
      '/v1/ledger/verify',
      { config: scope('ledger:read'), schema: { querystring: VerifyQuery, produces: [NDJSON] } },
      async (request, reply) => {
        await storage.head(request.principal.workspace); // a database that is away is a 503, not a broken stream
        return reply.type(NDJSON).send(Readable.from(verification(storage, request)));
      },
    );
  };
}

/** Runs a generator to its first value, so that what fails at once still gets a status of its own. */
async function begun(lines: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await lines.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* lines;
  })();
}

interface VerificationCall {
  principal: { workspace: string };
  aborted: AbortSignal;
  query: VerifyQuery;
}

/** Progress lines, at most one for what waits to be read, then the report. */
async function* verification(storage: LedgerStorage, call: VerificationCall): AsyncGenerator<string> {
  let latest: { done: number; total: number } | undefined;
  let wake = () => {};
  let report: unknown;
  const [size, head] = call.query.trusted?.split(':') ?? [];
  const running = verifyLedger(storage, call.principal.workspace, {
    signal: call.aborted,
    ...(size === undefined || head === undefined ? {} : { trusted: { size: Number(size), head } }),
    progress: (done, total) => {
      latest = { done, total };
      wake();
    },
  }).then((result) => {
    report = result;
  });
  const ended = running.finally(() => wake());
  ended.catch(() => {}); // awaited below
  while (report === undefined) {
    if (latest === undefined) {
      await Promise.race([
        ended,
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      ]);
    }
    if (latest !== undefined) {
      const progress = latest;
      latest = undefined;
      yield `${JSON.stringify({ progress })}\n`;
    }
  }
  await ended;
  yield `${JSON.stringify({ report })}\n`;
}
