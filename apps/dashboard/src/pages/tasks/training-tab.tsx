import { Button, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Task, TrainingRun } from '@understudy/client';
import { client } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, explain, LoadingRows } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { count, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { RetrainingPanel } from './retraining-panel.tsx';
import { isOver, outcome, phaseOf, RunProgress, RunStatus } from './run-progress.tsx';
import pageClasses from './task-page.module.css';
import { exampleStatsQuery, runsQuery } from './task-queries.ts';
import classes from './training-tab.module.css';

/** When the model learns again, from what, and what came of it. */
export function TrainingTab({ task }: { task: Task }) {
  const may = useScopes();
  const runs = useQuery(runsQuery(task.task));
  const open = runs.data?.find((run) => !isOver(run));
  return (
    <>
      <div className={pageClasses.pair}>
        <RetrainingPanel task={task} />
        {may('examples:read') && <ExamplesPanel task={task.task} />}
      </div>
      {open !== undefined && (
        <Panel title="Training now">
          <RunProgress id={open.id} />
        </Panel>
      )}
      <Panel
        title="Training runs"
        flush
        actions={may('training:write') && <Start task={task.task} busy={open !== undefined} />}
      >
        <QueryView
          query={runs}
          loading={<LoadingRows rows={4} />}
          isEmpty={(rows) => rows.length === 0}
          empty={<Empty title="Nothing was trained yet">A first model needs ten examples of two answers each.</Empty>}
        >
          {(rows) => <Runs task={task.task} runs={rows} />}
        </QueryView>
      </Panel>
    </>
  );
}

function Start({ task, busy }: { task: string; busy: boolean }) {
  const cache = useQueryClient();
  const start = useMutation({
    mutationFn: () => client.trainingRuns.start(task),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['training-runs'] }),
  });
  return (
    <>
      {start.error !== null && (
        <span className={classes.failure} role="alert">
          {explain(start.error).detail}
        </span>
      )}
      <Button size="xs" onClick={() => start.mutate()} loading={start.isPending} disabled={busy}>
        Train now
      </Button>
    </>
  );
}

function Runs({ task, runs }: { task: string; runs: readonly TrainingRun[] }) {
  const may = useScopes();
  return (
    <DataTable
      caption="Runs, newest first"
      minWidth={640}
      columns={[{ head: 'Begun' }, { head: 'State' }, { head: 'What came of it' }, { head: 'Version', align: 'right' }]}
    >
      {runs.map((run) => (
        <Table.Tr key={run.id}>
          <Table.Td style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}>
            <Time at={run.created_at} />
            <span className={classes.under}>{run.requested_by === 'policy' ? 'by itself' : 'by hand'}</span>
          </Table.Td>
          <Table.Td style={{ verticalAlign: 'top' }}>
            <RunStatus status={run.status} />
          </Table.Td>
          <Table.Td className={classes.outcome}>
            {run.error !== null ? run.error.detail : isOver(run) ? outcome(run) || '–' : progressOf(run)}
          </Table.Td>
          <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
            {run.model_version === null ? (
              '–'
            ) : may('models:read') ? (
              <TextLink to="/models/$model" params={{ model: task }}>
                {run.model_version}
              </TextLink>
            ) : (
              run.model_version
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

const progressOf = (run: TrainingRun) =>
  run.status === 'queued' ? 'waits for its turn' : `${Math.floor(run.progress.done)} %: ${phaseOf(run)}`;

function ExamplesPanel({ task }: { task: string }) {
  const may = useScopes();
  const query = useQuery(exampleStatsQuery(task));
  return (
    <Panel
      title="Examples to learn from"
      actions={
        may('examples:write') && (
          <ButtonLink to="/tasks/$task/setup" params={{ task }} search={{ step: 'import' }} size="xs" variant="default">
            Import
          </ButtonLink>
        )
      }
    >
      <QueryView
        query={query}
        loading={<LoadingRows rows={4} />}
        isEmpty={(stats) => stats.examples === 0}
        empty={<p className={classes.words}>There are none yet. People’s answers become examples as they come.</p>}
      >
        {(stats) => (
          <>
            <p className={classes.words}>
              {plural(stats.examples, 'example')}
              {sources(stats.sources)}
              {stats.conflicts > 0 && `; ${count(stats.conflicts)} have another answer to the same text`}
            </p>
            <div className={classes.labels}>
              {stats.labels.slice(0, 24).map(({ name, examples }) => (
                <span key={name}>
                  <LabelName name={name} /> <span className="figures">{count(examples)}</span>
                </span>
              ))}
              {stats.labels.length > 24 && <span>and {stats.labels.length - 24} more</span>}
            </div>
            <p className={classes.hint}>{hint(stats.labels)}</p>
          </>
        )}
      </QueryView>
    </Panel>
  );
}

const sourceNames: Record<string, string> = {
  import: 'imported',
  reviewer: 'from reviewers',
  audit: 'from audits',
  application: 'from your application',
};

const sources = (rows: readonly { name: string; examples: number }[]) => {
  const known = rows.filter(({ examples }) => examples > 0);
  if (known.length === 0) return '';
  return `: ${known.map(({ name, examples }) => `${count(examples)} ${sourceNames[name] ?? name}`).join(', ')}`;
};

/** Which answer would gain most from more examples. */
function hint(labels: readonly { name: string; examples: number }[]): string {
  const rarest = [...labels].sort((a, b) => a.examples - b.examples)[0];
  if (rarest === undefined || labels.length < 2) return '';
  const mean = labels.reduce((sum, { examples }) => sum + examples, 0) / labels.length;
  return rarest.examples < mean / 3
    ? `More examples of “${rarest.name}” would help most: it has few.`
    : 'The answers are spread well.';
}
