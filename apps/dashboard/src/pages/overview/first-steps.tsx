import { useQuery } from '@tanstack/react-query';
import type { OverviewTask } from '@understudy/client';
import type { ReactNode } from 'react';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { useScopes } from '../../session/session.ts';
import { IconCheck } from '../../theme/icons.ts';
import classes from './first-steps.module.css';

/** What a newcomer does, in order, with a tick at what is done. It goes when the first decision is there. */
export function FirstSteps({ tasks }: { tasks: readonly OverviewTask[] }) {
  const may = useScopes();
  const task = tasks[0];
  const stats = useQuery({
    queryKey: ['examples', task?.task, 'stats'],
    queryFn: ({ signal }) => client.examples.stats(task!.task, { signal }),
    enabled: task !== undefined && may('examples:read'),
    refetchInterval: refresh.live,
  });
  const examples = stats.data?.examples ?? 0;
  const trained = tasks.some(({ certificate }) => certificate !== null);
  const setup = (step: 'import' | 'train', words: string) =>
    task === undefined ? null : (
      <ButtonLink to="/tasks/$task/setup" params={{ task: task.task }} search={{ step }} size="xs">
        {words}
      </ButtonLink>
    );
  return (
    <Panel
      title="First steps"
      description="From nothing to decisions that answer themselves. People decide everything until it is proven that the model makes few enough mistakes."
    >
      <ol className={classes.steps}>
        <Step
          number={1}
          done={task !== undefined}
          next={task === undefined}
          title="Say what is to be decided"
          action={
            may('tasks:write') ? (
              <ButtonLink to="/new-task" size="xs">
                New task
              </ButtonLink>
            ) : null
          }
        >
          A task is a kind of question and the answers it can have, such as “Is this comment spam?”
        </Step>
        <Step
          number={2}
          done={examples > 0}
          next={task !== undefined && examples === 0}
          title="Bring examples, if you have some"
          action={setup('import', 'Import a file')}
        >
          A table of texts and their right answers. Without one, the answers that people give become the examples.
        </Step>
        <Step
          number={3}
          done={trained}
          next={examples > 0 && !trained}
          title="Train a model"
          action={setup('train', 'Train')}
        >
          Takes seconds to minutes on this machine, and sends nothing anywhere.
        </Step>
        <Step number={4} done={false} next={trained} title="Ask for decisions" action={null}>
          From your application, over HTTP:
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow, also by keys */}
          <pre className={classes.code} tabIndex={0}>
            {`curl ${window.location.origin}/v1/predict/${task?.task ?? '<task>'} \\
  -H "authorization: Bearer <API key>" \\
  -H "content-type: application/json" \\
  -d '{"input": {"text": "…"}}'`}
          </pre>
          {may('keys:read') && (
            <TextLink to="/settings" search={{ tab: 'keys' }} size="sm">
              API keys
            </TextLink>
          )}
        </Step>
        <Step number={5} done={false} next={false} title="Answer what the model is not sure of" action={null}>
          Items that need a person wait under Review. Every answer is also an example to learn from.
        </Step>
      </ol>
    </Panel>
  );
}

interface StepProps {
  number: number;
  title: string;
  done: boolean;
  /** The one to do now. */
  next: boolean;
  action: ReactNode;
  children: ReactNode;
}

function Step({ number, title, done, next, action, children }: StepProps) {
  return (
    <li className={classes.step} data-next={next || undefined} aria-current={next ? 'step' : undefined}>
      <span className={classes.mark} data-done={done || undefined}>
        {done ? <IconCheck size={14} aria-label="done" /> : <span aria-hidden="true">{number}</span>}
      </span>
      <div className={classes.words}>
        <h3 className={classes.title}>{title}</h3>
        <div className={classes.text}>{children}</div>
        {next && action !== null && <div className={classes.action}>{action}</div>}
      </div>
    </li>
  );
}
