import { Readable } from 'node:stream';
import type { RoutePlugin } from '@understudy/kernel';
import { ValueQuery } from '@understudy/wire';
import { Type } from 'typebox';
import type { ReportRequest, Value } from '../value.ts';
import { presentReport } from './present.ts';
import { reportCsv } from './report-csv.ts';
import { pagePolicy, reportPage } from './report-page.ts';

const CSV = 'text/csv';
const HTML = 'text/html';
const NDJSON = 'application/x-ndjson';

const WindowQuery = Type.Omit(ValueQuery, ['format'], { additionalProperties: false });

const requestOf = ({ task, from, to, bucket }: Omit<ValueQuery, 'format'>): ReportRequest => ({
  task,
  from: from === undefined ? undefined : Date.parse(from),
  to: to === undefined ? undefined : Date.parse(to),
  bucket,
});

/** Whether a caller asks for CSV before JSON. */
function wantsCsv(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const first = accept.split(',').find((type) => /^\s*(text\/csv|application\/json|\*\/\*)/i.test(type));
  return first !== undefined && /text\/csv/i.test(first);
}

const fileName = (report: { task: string | null; from: string; to: string }, extension: string) =>
  `value-${report.task ?? 'all'}-${report.from.slice(0, 10)}-${report.to.slice(0, 10)}.${extension}`;

/** `/v1/value…` */
export function valueRoutes(value: Value): RoutePlugin {
  return (app) => {
    const config = { policy: { kind: 'scope', scope: 'value:read' } } as const;

    app.get<{ Querystring: ValueQuery }>(
      '/v1/value',
      {
        config,
        schema: {
          summary: 'What automation saves: automation, error, cost and savings of a window',
          querystring: ValueQuery,
          produces: [CSV],
          response: { 200: Type.Ref('ValueReport') },
        },
      },
      async ({ principal, query, headers }, reply) => {
        const report = presentReport(await value.report(principal.workspace, requestOf(query)));
        reply.header('Vary', 'Accept');
        if (query.format === 'csv' || (query.format === undefined && wantsCsv(headers.accept))) {
          const disposition = `attachment; filename="${fileName(report, 'csv')}"`;
          reply.type(`${CSV}; charset=utf-8; header=present`).header('Content-Disposition', disposition);
          // Past the JSON serialiser of the schema: these are bytes.
          return reply.serializer((text: unknown) => String(text)).send(reportCsv(report));
        }
        return report;
      },
    );

    app.get<{ Querystring: Omit<ValueQuery, 'format'> }>(
      '/v1/value/report',
      {
        config,
        schema: {
          summary: 'The same as a page to print, with method and evidence',
          querystring: WindowQuery,
          produces: [HTML],
        },
      },
      async ({ principal, query }, reply) => {
        const report = presentReport(await value.report(principal.workspace, requestOf(query)));
        reply.header('Content-Security-Policy', await pagePolicy());
        return reply.type(`${HTML}; charset=utf-8`).send(reportPage(report));
      },
    );

    app.get<{ Querystring: Omit<ValueQuery, 'format'> }>(
      '/v1/value/export',
      {
        config,
        schema: {
          summary: 'The report with every ledger row that it rests on',
          description:
            'NDJSON. `understudy value --verify` recomputes every figure from it alone. Holds records of all tasks of the window, without inputs.',
          querystring: WindowQuery,
          produces: [NDJSON],
        },
      },
      async ({ principal, query }, reply) => {
        const report = await value.report(principal.workspace, requestOf(query));
        const presented = presentReport(report);
        const disposition = `attachment; filename="${fileName(presented, 'ndjson')}"`;
        reply.type(NDJSON).header('Content-Disposition', disposition);
        return reply.send(Readable.from(value.export(report, presented)));
      },
    );
  };
}
