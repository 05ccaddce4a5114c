import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Task } from '@understudy/client';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, LoadingBlock } from '../../components/states.tsx';
import { useScopes } from '../../session/session.ts';
import { IconListDetails } from '../../theme/icons.ts';
import { defaultPeriod } from '../overview/period.ts';
import { AutomationSwitch } from './automation-switch.tsx';
import { AutomationTab } from './automation-tab.tsx';
import { QualityTab } from './quality-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import classes from './task-page.module.css';
import { editableTaskQuery } from './task-queries.ts';
import { type TaskTab, taskTabs } from './task-search.ts';
import { TrainingTab } from './training-tab.tsx';
import { WhatIfTab } from './what-if-tab.tsx';

const route = getRouteApi('/shell/tasks/$task');

const tabNames: Record<TaskTab, string> = {
  certificate: 'Automation',
  quality: 'Quality',
  training: 'Training',
  'what-if': 'What if',
  settings: 'Settings',
};

/** Everything about one task: what it may decide alone and why, how well it does, and all that can be set. */
export function TaskPage() {
  const { task: slug } = route.useParams();
  const { tab = 'certificate' } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useScopes();
  const query = useQuery(editableTaskQuery(slug));
  const task = query.data?.task;
  const title = task?.title ?? slug;
  return (
    <Page
      title={title}
      tabTitle={tab === 'certificate' ? title : `${tabNames[tab]} · ${title}`}
      above={<TextLink to="/tasks">Tasks</TextLink>}
      description={task === undefined ? <span className="mono">{slug}</span> : <Describe task={task} />}
      actions={
        query.error === null && (
          <>
            {may('decisions:read') && (
              <ButtonLink
                to="/decisions"
                search={{ task: slug }}
                variant="default"
                leftSection={<IconListDetails size={15} />}
              >
                Decisions
              </ButtonLink>
            )}
            {may('tasks:write') &&
              (task === undefined ? (
                <Button variant="default" disabled>
                  Pause automation
                </Button>
              ) : (
                <AutomationSwitch task={task} />
              ))}
          </>
        )
      }
    >
      {query.data === undefined && query.error !== null ? (
        <Panel>
          <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        </Panel>
      ) : (
        <Tabs
          value={tab}
          onChange={(value) =>
            void navigate({
              search: (old) => ({
                ...(old.period === undefined ? {} : { period: old.period }),
                ...(value === null || value === 'certificate' ? {} : { tab: value as TaskTab }),
              }),
            })
          }
          keepMounted={false}
        >
          <Tabs.List className={classes.tabs}>
            {taskTabs.map((value) => (
              <Tabs.Tab key={value} value={value}>
                {tabNames[value]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {task === undefined ? (
            <div className={classes.stack}>
              <LoadingBlock height={112} />
              <LoadingBlock height={300} />
            </div>
          ) : (
            taskTabs.map((value) => (
              <Tabs.Panel key={value} value={value} className={classes.stack}>
                <TabContent tab={value} task={task} />
              </Tabs.Panel>
            ))
          )}
        </Tabs>
      )}
    </Page>
  );
}

function Describe({ task }: { task: Task }) {
  return (
    <>
      <span className="mono">{task.task}</span>
      {` · ${task.labels.length} possible answers`}
      {task.owner !== '' && ` · ${task.owner}`}
    </>
  );
}

function TabContent({ tab, task }: { tab: TaskTab; task: Task }) {
  const { period = defaultPeriod, budget, confidence, replay } = route.useSearch();
  const navigate = route.useNavigate();
  switch (tab) {
    case 'certificate':
      return (
        <AutomationTab
          task={task}
          period={period}
          budget={budget}
          confidence={confidence}
          onMove={(next) =>
            void navigate({
              search: ({ budget: _budget, confidence: _confidence, ...old }) => ({ ...old, ...next }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      );
    case 'quality':
      return (
        <QualityTab
          task={task}
          period={period}
          onPeriod={(next) => void navigate({ search: (old) => ({ ...old, period: next }), replace: true })}
        />
      );
    case 'training':
      return <TrainingTab task={task} />;
    case 'what-if':
      return (
        <WhatIfTab
          task={task}
          replay={replay}
          onReplay={(next) => void navigate({ search: (old) => ({ ...old, replay: next }), replace: true })}
        />
      );
    case 'settings':
      return <SettingsTab task={task} />;
  }
}
