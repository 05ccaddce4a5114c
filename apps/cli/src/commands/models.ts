import type { ModelVersion } from '@understudy/client';
import { Command } from 'commander';
import type { Session } from '../session.ts';
import { bytes, localTime, percent } from '../terminal/format.ts';
import { bold, dim, green, type Piece } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';
import { figureFields } from './run-report.ts';

const aliasesOf = (aliases: string[]): Piece => (aliases.length === 0 ? '–' : green(aliases.join(', ')));

export function modelsCommand(session: Session): Command {
  const models = new Command('models').description('models and their versions');

  limitOption(models.command('list').alias('ls').description('list the models')).action(
    async (options: { limit: number }, command: Command) => {
      const page = { signal: session.signal, limit: Math.min(200, options.limit) };
      const rows = await collectPages(session.client(command).models.list(page), options.limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [{ title: 'MODEL' }, { title: 'LATEST', align: 'right' }, { title: 'ALIASES' }, { title: 'CREATED' }],
          rows.data.map((row) => [
            bold(row.model),
            row.latest_version,
            row.aliases.map(({ alias, version }) => `${alias} → ${version}`).join(', ') || '–',
            localTime(row.created_at),
          ]),
          'no models yet: `understudy train --help`',
        ),
      );
    },
  );

  limitOption(models.command('versions').argument('<model>').description('list the versions of a model')).action(
    async (model: string, options: { limit: number }, command: Command) => {
      const page = { signal: session.signal, limit: Math.min(200, options.limit) };
      const rows = await collectPages(session.client(command).models.versions(model, page), options.limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [
            { title: 'VERSION', align: 'right' },
            { title: 'ALIASES' },
            { title: 'ACCURACY', align: 'right' },
            { title: 'TRAINER' },
            { title: 'SIZE', align: 'right' },
            { title: 'CREATED' },
          ],
          rows.data.map((row) => [
            bold(row.version),
            aliasesOf(row.aliases),
            typeof row.metrics.accuracy === 'number' ? percent(row.metrics.accuracy, 2) : '–',
            row.lineage.trainer,
            bytes(row.artifact.bytes),
            localTime(row.created_at),
          ]),
        ),
      );
    },
  );

  models
    .command('show')
    .argument('<model>')
    .argument('[version]', 'default: the champion, else the latest')
    .description('show a version with its figures and lineage')
    .action(async (model: string, version: string | undefined, _options: unknown, command: Command) => {
      const client = session.client(command);
      let wanted = version;
      if (wanted === undefined) {
        const { aliases, latest_version } = await client.models.get(model, { signal: session.signal });
        wanted = aliases.find(({ alias }) => alias === 'champion')?.version ?? latest_version;
      }
      const found = await client.models.version(model, wanted, { signal: session.signal });
      await session.output(command).result(found, () => showVersion(session, command, found));
    });

  models
    .command('history')
    .argument('<model>')
    .description('when which version got which alias, and why')
    .action(async (model: string, _options: unknown, command: Command) => {
      const history = await session.client(command).models.aliases.history(model, { signal: session.signal });
      const out = session.output(command);
      await out.result(history, () =>
        out.table(
          [
            { title: 'WHEN' },
            { title: 'ALIAS' },
            { title: 'VERSION', align: 'right' },
            { title: 'BEFORE', align: 'right' },
            { title: 'BY' },
            { title: 'REASON', flexible: true },
          ],
          history.data.map((row) => [
            localTime(row.at),
            row.alias,
            row.version ?? '–',
            row.previous ?? '–',
            row.by,
            row.reason,
          ]),
        ),
      );
    });

  return models;
}

function showVersion(session: Session, command: Command, version: ModelVersion): void {
  const out = session.output(command);
  const { lineage, artifact } = version;
  out.line(
    bold(version.model),
    ` version ${version.version}  `,
    version.aliases.length === 0 ? '' : aliasesOf(version.aliases),
  );
  out.fields([
    ...figureFields(version.metrics),
    [
      'certification',
      version.certification === null ? 'none: nothing is automated on its word' : JSON.stringify(version.certification),
    ],
    ['trainer', `${lineage.trainer}, seed ${lineage.seed}`],
    ['parameters', JSON.stringify(lineage.parameters)],
    ['dataset', lineage.dataset],
    ['training run', lineage.training_run],
    ['task revision', String(lineage.task_revision)],
    ['artifact', `${artifact.format}, ${bytes(artifact.bytes)}`],
    ['sha256', dim(artifact.sha256)],
    ['created', localTime(version.created_at)],
  ]);
}
