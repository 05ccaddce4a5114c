import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Task } from '@understudy/client';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingRows } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count, plural } from '../../formatting/numbers.ts';
import { retrainingQuery } from './task-queries.ts';
import classes from './training-tab.module.css';

/** When the model learns again by itself, and what that waits for. */
export function RetrainingPanel({ task }: { task: Task }) {
  const query = useQuery(retrainingQuery(task.task));
  const on = (query.data?.mode ?? task.retraining.mode) === 'auto';
  return (
    <Panel
      title={<Term name="retraining">Training by itself</Term>}
      actions={on ? <Status tone="good">On</Status> : <Status tone="quiet">Off</Status>}
    >
      <div className={classes.frame}>
        <QueryView query={query} loading={<LoadingRows rows={3} />}>
          {({ mode, new_labels: fresh, needed, reason, last_decision: last }) => (
            <>
              <p className={classes.words}>
                {mode === 'off'
                  ? 'It is switched off: the model learns only when somebody starts it. The settings have the switch.'
                  : sentence(reason.replace(/^the training run \S+ is/, 'a training run is'))}
              </p>
              {mode === 'auto' && (
                <>
                  <Progress
                    className={classes.meter}
                    value={(100 * Math.min(fresh, needed)) / Math.max(1, needed)}
                    aria-label="New labels"
                  />
                  <p className={`${classes.hint} figures`} style={{ margin: 0 }}>
                    {plural(fresh, 'new answer')}, {count(needed)} needed for a run
                  </p>
                </>
              )}
              {last !== null && (
                <p className={classes.hint}>
                  Last begun by itself <Time at={last.at} />: {last.reason}
                </p>
              )}
            </>
          )}
        </QueryView>
      </div>
    </Panel>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
