import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { explain } from '../../components/states.tsx';
import { plural } from '../../formatting/numbers.ts';
import classes from './run-progress.module.css';
import { isOver, RunProgress } from './run-progress.tsx';
import { exampleStatsQuery, runQuery } from './task-queries.ts';

/** Fewer than this of two answers, and there is nothing to learn. */
const FEW = 10;

interface TrainPanelProps {
  task: string;
  /** The run that is shown; it stands in the address, so that a reload finds it again. */
  run: string | undefined;
  onStarted(run: string): void;
}

/** Starts a training run and follows it. */
export function TrainPanel({ task, run, onStarted }: TrainPanelProps) {
  const cache = useQueryClient();
  const stats = useQuery(exampleStatsQuery(task));
  const start = useMutation({
    mutationFn: () => client.trainingRuns.start(task),
    onSuccess: async (started) => {
      onStarted(started.id);
      await cache.invalidateQueries({ queryKey: ['training-runs'] });
    },
  });
  const shown = useQuery({ ...runQuery(run ?? ''), enabled: run !== undefined });
  const busy = run !== undefined && (shown.data === undefined || !isOver(shown.data));
  const learnable = stats.data?.labels.filter(({ examples }) => examples >= FEW).length ?? 0;
  return (
    <div className={classes.run}>
      <p style={{ margin: 0, maxWidth: '44rem' }}>
        {stats.data === undefined
          ? 'Several kinds of model are tried on this machine, and the best is kept.'
          : stats.data.examples === 0
            ? 'There is nothing to learn from yet: import examples first, or let people answer some items.'
            : learnable < 2
              ? `There are ${plural(stats.data.examples, 'example')}; a first model needs at least ${FEW} of two different answers.`
              : `Several kinds of model learn from ${plural(stats.data.examples, 'example')} on this machine, and the best is kept. A part of the examples is held back to prove how often it is wrong.`}
      </p>
      {run !== undefined && <RunProgress id={run} />}
      {!busy && (
        <Button
          onClick={() => start.mutate()}
          loading={start.isPending}
          disabled={stats.data?.examples === 0}
          {...(run === undefined ? {} : { variant: 'default' })}
        >
          {run === undefined ? 'Train a model' : 'Train again'}
        </Button>
      )}
      {start.error !== null && (
        <p className={classes.failure} role="alert">
          {explain(start.error).detail}
        </p>
      )}
    </div>
  );
}
