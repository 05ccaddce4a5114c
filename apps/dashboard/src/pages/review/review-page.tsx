import { ActionIcon, Button, Kbd, Modal, Popover, SegmentedControl, Select, Stack, Switch, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReviewTask } from '@understudy/client';
import type { ReactNode } from 'react';
import { refresh } from '../../api/query-client.ts';
import { reviewQueuesQuery } from '../../api/resources.ts';
import { Markdown } from '../../components/markdown.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, LoadingRows } from '../../components/states.tsx';
import { minutes, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconCheck, IconCloudOff, IconEyeOff, IconKeyboard, IconLayoutGrid, IconSquare } from '../../theme/icons.ts';
import { GridMode } from './grid-mode.tsx';
import { RecentAnswers } from './recent-answers.tsx';
import classes from './review-page.module.css';
import { SingleMode } from './single-mode.tsx';
import { useReviewDesk } from './use-review-desk.ts';
import { usePauseHint, useWellness } from './wellness.ts';

const route = getRouteApi('/shell/review');

const SINGLE_SIZE = 6;
const GRID_SIZE = 12;

/** Where people decide what the platform may not. */
export function ReviewPage() {
  const { task, mode, queue } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useScopes();
  const { desk, state } = useReviewDesk({
    task,
    queue: queue ?? 'reviewers',
    size: mode === 'grid' ? GRID_SIZE : SINGLE_SIZE,
  });
  const queues = useQuery({ ...reviewQueuesQuery(), refetchInterval: refresh.steady });
  const [wellness, setWellness] = useWellness();
  const [pauseDue, dismissPause] = usePauseHint(state.answered);
  const [keysShown, keys] = useDisclosure(false);
  const current = state.items[0];
  const currentTask = current === undefined ? undefined : state.tasks.get(current.task);
  const recent = <RecentAnswers desk={desk} last={state.last} recent={state.recent} undoing={state.undoing} />;
  const names = (queues.data?.data ?? []).map((entry) => ({
    value: entry.task,
    label: `${entry.title || entry.task} (${entry.depth})`,
  }));

  return (
    <Page
      title="Review"
      wide
      description={
        <QueueWords
          depth={depthOf(queues.data, task)}
          seconds={secondsOf(queues.data, task)}
          answered={state.answered}
        />
      }
      actions={
        <>
          <Select
            aria-label="Task"
            data={[{ value: '', label: 'All tasks' }, ...names]}
            value={task ?? ''}
            onChange={(value) =>
              void navigate({ search: ({ task: _, ...rest }) => (value ? { ...rest, task: value } : rest) })
            }
            w={190}
          />
          {may('review:lead') && (
            <SegmentedControl
              aria-label="Queue"
              data={[
                { value: 'reviewers', label: 'Queue' },
                { value: 'leads', label: 'Escalated' },
              ]}
              value={queue ?? 'reviewers'}
              onChange={(value) =>
                void navigate({
                  search: ({ queue: _, ...rest }) => (value === 'leads' ? { ...rest, queue: 'leads' as const } : rest),
                })
              }
            />
          )}
          <SegmentedControl
            aria-label="View"
            data={[
              { value: 'single', label: <Glyph name="One at a time" icon={<IconSquare size={16} />} /> },
              { value: 'grid', label: <Glyph name="Grid" icon={<IconLayoutGrid size={16} />} /> },
            ]}
            value={mode ?? 'single'}
            onChange={(value) =>
              void navigate({
                search: ({ mode: _, ...rest }) => (value === 'grid' ? { ...rest, mode: 'grid' as const } : rest),
              })
            }
          />
          <Popover width={260} position="bottom-end" withArrow trapFocus>
            <Popover.Target>
              <ActionIcon variant="default" size={36} aria-label="For your eyes">
                <IconEyeOff size={17} />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown aria-label="For your eyes">
              <Stack gap="sm">
                <Switch
                  label="Blur until I ask"
                  description="Space shows an item"
                  checked={wellness.blur}
                  onChange={(event) => setWellness({ blur: event.currentTarget.checked })}
                />
                <Switch
                  label="Without colours"
                  description="Strong images press less in grey"
                  checked={wellness.grayscale}
                  onChange={(event) => setWellness({ grayscale: event.currentTarget.checked })}
                />
              </Stack>
            </Popover.Dropdown>
          </Popover>
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Keys"
            onClick={keys.open}
            className={classes.keyboard ?? ''}
          >
            <IconKeyboard size={17} />
          </ActionIcon>
        </>
      }
    >
      <div role="status">
        {state.offline && (
          <div className={classes.notice} data-tone="warn">
            <IconCloudOff size={16} aria-hidden="true" />
            <span>
              No connection.{' '}
              {state.unsent > 0
                ? `${plural(state.unsent, 'answer')} kept in this browser, sent`
                : 'Your answers are kept here and sent'}{' '}
              as soon as it is back.
            </span>
            <Button size="compact-sm" variant="default" onClick={() => desk.retryNow()}>
              Try now
            </Button>
          </div>
        )}
        {pauseDue && (
          <div className={classes.notice} data-tone="info">
            <span>You have reviewed for an hour. A few minutes away help: tired eyes make mistakes.</span>
            <Button size="compact-sm" variant="default" onClick={dismissPause}>
              Later
            </Button>
          </div>
        )}
      </div>
      {state.status === 'failed' ? (
        <Panel>
          <Failure error={state.error} onRetry={() => desk.retryNow()} />
        </Panel>
      ) : state.status === 'starting' && !state.offline ? (
        <Panel>
          <LoadingRows rows={5} />
        </Panel>
      ) : current === undefined ? (
        <Panel>
          <Empty
            title={
              state.offline
                ? 'The server does not answer'
                : queue === 'leads'
                  ? 'Nothing was escalated'
                  : 'Nothing waits'
            }
            icon={state.offline ? <IconCloudOff size={22} /> : <IconCheck size={22} />}
          >
            {state.offline ? 'It is asked again every few seconds.' : 'New items appear here by themselves.'}
          </Empty>
        </Panel>
      ) : mode === 'grid' ? (
        <GridMode desk={desk} items={state.items.slice(0, GRID_SIZE)} wellness={wellness} />
      ) : (
        <SingleMode desk={desk} claim={current} task={currentTask} wellness={wellness}>
          {recent}
          <Instructions task={currentTask} />
        </SingleMode>
      )}
      {(mode === 'grid' || current === undefined) && state.recent.length > 0 && (
        <div className={classes.recent}>{recent}</div>
      )}
      <Modal opened={keysShown} onClose={keys.close} title="Keys">
        <Table withRowBorders={false}>
          <Table.Tbody>
            {KEYS.map(([key, words]) => (
              <Table.Tr key={key}>
                <Table.Td w={90}>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{words}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </Page>
  );
}

const KEYS = [
  ['1 … 9, 0', 'Answer with that label'],
  ['/', 'Find a label, where there are many; Enter takes the first'],
  ['U', 'Undo the last answer'],
  ['S', 'Skip: somebody else answers it'],
  ['E', 'Escalate: a lead answers it'],
  ['N', 'Write a note that goes with it'],
  ['Space', 'Show a blurred item'],
  ['← ↑ ↓ →', 'In the grid: to the next item'],
] as const;

function Glyph({ name, icon }: { name: string; icon: ReactNode }) {
  return (
    <span className={classes.glyph} title={name}>
      {icon}
      <span className="visually-hidden">{name}</span>
    </span>
  );
}

type Queues = Awaited<ReturnType<NonNullable<ReturnType<typeof reviewQueuesQuery>['queryFn']>>> | undefined;

const depthOf = (queues: Queues, task: string | undefined): number | undefined =>
  task === undefined ? queues?.total.depth : queues?.data.find((entry) => entry.task === task)?.depth;

const secondsOf = (queues: Queues, task: string | undefined): number | null =>
  (task === undefined
    ? queues?.total.minutes_waiting
    : queues?.data.find((entry) => entry.task === task)?.minutes_waiting) ?? null;

function QueueWords({
  depth,
  seconds,
  answered,
}: {
  depth: number | undefined;
  seconds: number | null;
  answered: number;
}) {
  const waiting =
    depth === undefined
      ? ' '
      : depth === 0
        ? 'Nothing waits'
        : `${plural(depth, 'item')} ${depth === 1 ? 'waits' : 'wait'}`;
  return (
    <span className="figures">
      {waiting}
      {depth !== undefined && depth > 0 && seconds !== null && `, about ${minutes(seconds)} of work`}
      {answered > 0 && ` · ${answered} answered by you in this sitting`}
    </span>
  );
}

/** How the task’s owner wants it answered, and what each answer means. */
function Instructions({ task }: { task: ReviewTask | undefined }) {
  const described = (task?.labels ?? []).filter(({ description }) => (description ?? '') !== '');
  const written = task !== undefined && task.instructions.trim() !== '';
  if (!written && described.length === 0) return null;
  return (
    <Panel title="Instructions">
      {written && <Markdown source={task.instructions} />}
      {described.length > 0 && (
        <dl className={classes.meanings}>
          {described.map(({ name, description }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{description}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
