import { Button, Group, NumberInput, Progress, Select, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Replay, ReplayRequest, Task } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { explain, LoadingRows } from '../../components/states.tsx';
import { count, percent } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { beginOf, type Period, periodFacts, periods } from '../overview/period.ts';
import { asSet, budgetProblem, percentageOf, shareOf } from './budget.ts';
import { ReplayResult } from './replay-result.tsx';
import { isOver } from './run-progress.tsx';
import formClasses from './task-form.module.css';
import { replaysQuery, versionsQuery } from './task-queries.ts';
import classes from './what-if-tab.module.css';

interface WhatIfTabProps {
  task: Task;
  /** The one that is shown. */
  replay: string | undefined;
  onReplay(id: string): void;
}

/** The past, decided again under other settings. Nothing real changes. */
export function WhatIfTab({ task, replay, onReplay }: WhatIfTabProps) {
  const may = useScopes();
  const past = useQuery({ ...replaysQuery(task.task), enabled: may('replays:read') });
  const shown = replay ?? past.data?.[0]?.id;
  return (
    <>
      {may('replays:write') && (
        <Panel
          title="What if …"
          description="Decides a stretch of the past again under other settings, and compares it with what really happened. Nothing real changes."
        >
          <Ask task={task} onStarted={onReplay} />
        </Panel>
      )}
      {shown !== undefined && <Shown id={shown} />}
      {past.data !== undefined && past.data.length > 1 && (
        <Panel title="Earlier comparisons" flush>
          <Table className={classes.list}>
            <caption className="visually-hidden">Earlier comparisons</caption>
            <Table.Tbody>
              {past.data.map((one) => (
                <Table.Tr key={one.id} data-shown={one.id === shown || undefined}>
                  <Table.Td>
                    <Button
                      variant="transparent"
                      size="compact-sm"
                      onClick={() => onReplay(one.id)}
                      aria-current={one.id === shown ? 'true' : undefined}
                    >
                      {inWordsOf(one)}
                    </Button>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {one.result === null
                      ? one.status
                      : `${percent(one.result.history.automation_rate)} → ${percent(one.result.replayed.automation_rate)} alone`}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Panel>
      )}
    </>
  );
}

function Ask({ task, onStarted }: { task: Task; onStarted(id: string): void }) {
  const cache = useQueryClient();
  const may = useScopes();
  const versions = useQuery({ ...versionsQuery(task.task), enabled: may('models:read') });
  const [period, setPeriod] = useState<Period>('30d');
  const [budget, setBudget] = useState<number>(task.error_budget.max_error);
  const [confidence, setConfidence] = useState<number>(task.error_budget.confidence);
  const [version, setVersion] = useState('');
  const problem = budgetProblem(budget, confidence);
  const start = useMutation({
    mutationFn: () => {
      const what: NonNullable<ReplayRequest['what']> = {
        ...(budget === task.error_budget.max_error ? {} : { max_error: budget }),
        ...(confidence === task.error_budget.confidence ? {} : { confidence }),
        ...(version === '' ? {} : { model_version: version }),
      };
      const from = beginOf(period, Date.now());
      return client.replays.start(task.task, { from, ...(Object.keys(what).length === 0 ? {} : { what }) });
    },
    onSuccess: (replay) => {
      onStarted(replay.id);
      void cache.invalidateQueries({ queryKey: ['replays'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === null) start.mutate();
  };
  const numberOf = (value: number | string) =>
    typeof value === 'number' ? shareOf(value) : value.trim() === '' ? Number.NaN : shareOf(Number(value));
  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.fields}>
        <Select
          label="Past"
          value={period}
          onChange={(value) => setPeriod(value as Period)}
          data={periods.map((value) => ({ value, label: `The ${periodFacts[value].words.replace(/^the /, '')}` }))}
        />
        <NumberInput
          label="Error budget"
          suffix=" %"
          value={Number.isFinite(budget) ? percentageOf(budget) : ''}
          onChange={(value) => setBudget(numberOf(value))}
          step={0.5}
          decimalScale={3}
        />
        <NumberInput
          label="How sure"
          suffix=" %"
          value={Number.isFinite(confidence) ? percentageOf(confidence) : ''}
          onChange={(value) => setConfidence(numberOf(value))}
          step={1}
          decimalScale={3}
        />
        <Select
          label="Model version"
          value={version}
          onChange={(value) => setVersion(value ?? '')}
          data={[
            { value: '', label: 'The one that answers now' },
            ...(versions.data ?? []).map((one) => ({ value: one.version, label: `Version ${one.version}` })),
          ]}
        />
      </div>
      <Group gap="sm" mt="md" align="center">
        <Button type="submit" loading={start.isPending} disabled={problem !== null}>
          Compare
        </Button>
        {problem !== null && <span className={classes.bad}>{problem}</span>}
        {start.error !== null && (
          <span className={classes.bad} role="alert">
            {explain(start.error).detail}
          </span>
        )}
      </Group>
      <p className={formClasses.hint} style={{ marginTop: 10 }}>
        With the settings as they are, every past decision is made again and has to come out the same.
      </p>
    </form>
  );
}

function Shown({ id }: { id: string }) {
  const cache = useQueryClient();
  const may = useScopes();
  const query = useQuery({
    queryKey: ['replays', 'one', id],
    queryFn: ({ signal }) => client.replays.get(id, { signal }),
    refetchInterval: (state) =>
      state.state.data !== undefined && isOver(state.state.data) ? false : refresh.live(state),
  });
  const cancel = useMutation({
    mutationFn: () => client.replays.cancel(id),
    onSettled: () => cache.invalidateQueries({ queryKey: ['replays'] }),
  });
  return (
    <Panel title={query.data === undefined ? 'Comparison' : inWordsOf(query.data)}>
      <div className={classes.frame}>
        <QueryView query={query} loading={<LoadingRows rows={7} />}>
          {(replay) =>
            replay.result !== null ? (
              <ReplayResult result={replay.result} />
            ) : isOver(replay) ? (
              <p className={classes.bad} role="alert">
                {replay.status === 'cancelled' ? 'It was cancelled.' : (replay.error?.detail ?? 'It failed.')}
              </p>
            ) : (
              <div className={classes.progress} role="status">
                <Progress
                  value={
                    replay.progress.total === null
                      ? 0
                      : (100 * replay.progress.done) / Math.max(1, replay.progress.total)
                  }
                  animated
                  aria-label="Deciding again"
                />
                <p className={formClasses.hint}>
                  {replay.status === 'queued'
                    ? 'Waits for its turn …'
                    : `${count(replay.progress.done)}${replay.progress.total === null ? '' : ` of ${count(replay.progress.total)}`} ${replay.progress.unit}`}
                </p>
                {may('replays:write') && (
                  <Button size="xs" variant="default" onClick={() => cancel.mutate()} loading={cancel.isPending}>
                    Cancel
                  </Button>
                )}
              </div>
            )
          }
        </QueryView>
      </div>
    </Panel>
  );
}

/** What was asked, as a sentence. */
function inWordsOf({ what, from, to }: Replay): string {
  const changes = [
    what.max_error === null ? null : `a budget of ${asSet(what.max_error)}`,
    what.confidence === null ? null : `${asSet(what.confidence)} certainty`,
    what.model_version === null ? null : `model version ${what.model_version}`,
    what.threshold === null ? null : `a threshold of ${what.threshold}`,
  ].filter((part) => part !== null);
  const days = from === null ? null : Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));
  const when = days === null ? 'from the beginning' : days === 1 ? 'over a day' : `over ${days} days`;
  return `${changes.length === 0 ? 'The same settings again' : `With ${changes.join(', ')}`}, ${when}`;
}
