import { Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Task } from '@understudy/client';
import { tasksQuery } from '../../api/resources.ts';
import { ButtonLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingRows } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { useScopes } from '../../session/session.ts';
import { IconDatabase } from '../../theme/icons.ts';
import { ImportPanel } from '../tasks/import-panel.tsx';
import classes from './data.module.css';
import { type DataSearch, type DataTab, dataTabs } from './data-search.ts';
import { DatasetsTab } from './datasets-tab.tsx';
import { ExamplesTab } from './examples-tab.tsx';

const route = getRouteApi('/shell/data');

const tabNames: Record<DataTab, string> = { examples: 'Examples', import: 'Import', versions: 'Dataset versions' };

const tabScopes: Record<DataTab, string> = {
  examples: 'examples:read',
  import: 'examples:write',
  versions: 'datasets:read',
};

/** What each task learns from: its examples, more of them, and the fixed sets that models were made of. */
export function DataPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const tasks = useQuery(tasksQuery());
  const task = tasks.data?.find(({ task: name }) => name === search.task) ?? firstOf(tasks.data, search.task);
  return (
    <Page
      title="Data"
      description={
        <>
          The labelled examples that a task learns from, and the <Term name="dataset">datasets</Term> that were made of
          them.
        </>
      }
      actions={
        <Select
          aria-label="Task"
          searchable
          placeholder="Task"
          value={task?.task ?? search.task ?? null}
          data={(tasks.data ?? []).map(({ task: name, title }) => ({ value: name, label: title || name }))}
          onChange={(value) =>
            void navigate({
              search: ({ tab }) => ({
                ...(value === null ? {} : { task: value }),
                ...(tab === undefined ? {} : { tab }),
              }),
            })
          }
          disabled={tasks.data === undefined || tasks.data.length === 0}
          w={240}
        />
      }
    >
      {tasks.data === undefined ? (
        <Panel flush={tasks.error === null}>
          <QueryView query={tasks} loading={<LoadingRows rows={10} height={22} gap={22} />}>
            {() => null}
          </QueryView>
        </Panel>
      ) : tasks.data.length === 0 ? (
        <Panel>
          <Empty
            title="No task yet"
            icon={<IconDatabase size={22} />}
            action={<ButtonLink to="/new-task">Make a task</ButtonLink>}
          >
            Examples belong to a task: it says which labels there are.
          </Empty>
        </Panel>
      ) : task === undefined ? (
        <Panel>
          <Empty title={`There is no task “${search.task}”`}>Choose another above.</Empty>
        </Panel>
      ) : (
        <TaskData
          key={task.task}
          task={task}
          search={search}
          onChange={(part) =>
            void navigate({ search: (old) => ({ ...old, ...part }) as DataSearch, replace: true, resetScroll: false })
          }
        />
      )}
    </Page>
  );
}

const firstOf = (tasks: readonly Task[] | undefined, asked: string | undefined) =>
  asked === undefined ? tasks?.[0] : undefined;

interface TaskDataProps {
  task: Task;
  search: DataSearch;
  onChange(part: Partial<Record<keyof DataSearch, string | undefined>>): void;
}

function TaskData({ task, search, onChange }: TaskDataProps) {
  const may = useScopes();
  const shown = dataTabs.filter((value) => may(tabScopes[value]));
  const tab = search.tab !== undefined && shown.includes(search.tab) ? search.tab : (shown[0] ?? 'examples');
  return (
    <Tabs
      value={tab}
      onChange={(value) => onChange({ tab: value === 'examples' || value === null ? undefined : value })}
      keepMounted={false}
    >
      <Tabs.List className={classes.tabs}>
        {shown.map((value) => (
          <Tabs.Tab key={value} value={value}>
            {tabNames[value]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="examples" className={classes.stack}>
        <ExamplesTab task={task} search={search} onChange={onChange} />
      </Tabs.Panel>
      <Tabs.Panel value="import" className={classes.stack}>
        <Panel
          title="Import examples"
          description="A file is read from top to bottom; of a file with bad rows nothing is stored until you say so."
        >
          <ImportPanel task={task.task} />
        </Panel>
      </Tabs.Panel>
      <Tabs.Panel value="versions" className={classes.stack}>
        <DatasetsTab task={task.task} search={search} onChange={onChange} />
      </Tabs.Panel>
    </Tabs>
  );
}
