import { Button, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TrainingRun } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { QueryView } from '../../components/query-view.tsx';
import { explain } from '../../components/states.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { percent } from '../../formatting/numbers.ts';
import { stopwatch } from '../../formatting/time.ts';
import { useScopes } from '../../session/session.ts';
import classes from './run-progress.module.css';
import { runQuery } from './task-queries.ts';

const over = new Set(['succeeded', 'failed', 'cancelled']);
export const isOver = (run: { status: string }) => over.has(run.status);

const words: Record<string, { tone: Tone; text: string }> = {
  queued: { tone: 'quiet', text: 'Waiting' },
  running: { tone: 'info', text: 'Training' },
  succeeded: { tone: 'good', text: 'Done' },
  failed: { tone: 'bad', text: 'Failed' },
  cancelled: { tone: 'quiet', text: 'Cancelled' },
};

export function RunStatus({ status }: { status: string }) {
  const { tone, text } = words[status] ?? { tone: 'quiet' as const, text: status };
  return <Status tone={tone}>{text}</Status>;
}

/** One training run as it goes on, and what came of it. */
export function RunProgress({ id }: { id: string }) {
  const query = useQuery({
    ...runQuery(id),
    refetchInterval: (state) =>
      state.state.data !== undefined && isOver(state.state.data) ? false : refresh.live(state),
  });
  return <QueryView query={query}>{(run) => <Run run={run} />}</QueryView>;
}

function Run({ run }: { run: TrainingRun }) {
  const may = useScopes();
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => client.trainingRuns.cancel(run.id),
    onSettled: () => cache.invalidateQueries({ queryKey: ['training-runs'] }),
  });
  const { progress } = run;
  return (
    <div className={classes.run}>
      <div className={classes.head}>
        <RunStatus status={run.status} />
        <span className={classes.phase} aria-live="polite">
          {isOver(run) ? outcome(run) : phaseOf(run)}
        </span>
        {!isOver(run) && progress.eta_seconds !== null && (
          <span className={`${classes.eta} figures`}>about {stopwatch(progress.eta_seconds * 1000)} left</span>
        )}
      </div>
      {!isOver(run) && (
        <>
          <Progress
            value={(100 * progress.done) / Math.max(1, progress.total)}
            aria-label="Training"
            animated
            className={classes.bar}
          />
          {may('training:write') && (
            <Button
              size="xs"
              variant="default"
              loading={cancel.isPending || run.cancel_requested}
              onClick={() => cancel.mutate()}
            >
              Cancel
            </Button>
          )}
          {cancel.error !== null && <p className={classes.failure}>{explain(cancel.error).detail}</p>}
        </>
      )}
      {run.error !== null && (
        <p className={classes.failure} role="alert">
          {run.error.detail}
        </p>
      )}
    </div>
  );
}

const phases: Record<string, string> = {
  snapshot: 'Taking stock of the examples',
  split: 'Setting examples aside for the test',
  read: 'Reading the examples',
  fit: 'Learning',
  tune: 'Trying settings',
  calibrate: 'Learning how sure it may be',
  validate: 'Checking the model',
  evaluate: 'Testing on examples it has not seen',
  certify: 'Looking how much can be proven',
  write: 'Storing the model',
  register: 'Storing the model',
};
const trainers: Record<string, string> = { linear: 'linear model', neural: 'neural network' };

/** What is being done, in words: phases come as `neural: calibrate`. Unknown ones are shown as they are. */
export function phaseOf(run: Pick<TrainingRun, 'status' | 'progress'>): string {
  if (run.status === 'queued') return 'It begins as soon as the machine has room.';
  const [first = '', second] = run.progress.phase.split(': ');
  const phase = second ?? first;
  const words = `${phases[phase] ?? phase}${second === undefined ? '' : `, ${trainers[first] ?? first}`}`;
  return run.progress.detail === null ? words : `${words}: ${run.progress.detail}`;
}

/** What came of a finished run, in a sentence. */
export function outcome(run: Pick<TrainingRun, 'status' | 'metrics' | 'model_version' | 'promotion'>): string {
  if (run.status !== 'succeeded') return '';
  const accuracy = run.metrics?.accuracy;
  const made = run.model_version === null ? '' : `Version ${run.model_version}`;
  const good = typeof accuracy === 'number' ? `${percent(accuracy)} right on examples it had not seen` : '';
  const then =
    run.promotion === null
      ? ''
      : `${run.promotion.promoted ? 'It answers now' : 'It does not answer'}: ${run.promotion.reason.replace(/^(not )?promoted: /, '')}`;
  return [[made, good].filter((part) => part !== '').join(': '), then].filter((part) => part !== '').join('. ');
}
