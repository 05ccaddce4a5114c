import { Button, Select, Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { JobSummary } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { tasksQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Endless, whileShort } from '../../components/endless.tsx';
import { TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { givenCount } from '../../search-params.ts';
import { IconStack2, IconX } from '../../theme/icons.ts';
import { JobProgress } from './job-progress.tsx';
import { isOver, JobStatus, jobStateNames } from './job-status.tsx';
import classes from './jobs.module.css';
import { type JobState, type JobsSearch, jobStates, parseJobsSearch } from './jobs-search.ts';
import { jobsQuery } from './queue-queries.ts';

const route = getRouteApi('/shell/jobs');

/** Everything that was handed over to be decided later, newest first. */
export function JobsPage() {
  const search = parseJobsSearch({ ...route.useSearch() });
  const navigate = route.useNavigate();
  const tasks = useQuery(tasksQuery());
  const query = useInfiniteQuery({
    ...jobsQuery(search),
    refetchInterval: whileShort((state) => {
      const pages = (state.state.data as { pages: { data: JobSummary[] }[] } | undefined)?.pages;
      const moving = pages?.some(({ data }) => data.some((job) => !isOver(job))) === true;
      return moving ? refresh.live(state) : refresh.steady(state);
    }),
  });
  const change = (part: Partial<Record<keyof JobsSearch, string | undefined>>) =>
    void navigate({ search: (old) => ({ ...old, ...part }) as JobsSearch, replace: true });
  return (
    <Page
      title="Jobs"
      wide
      description="Work that your application handed over without waiting for the answer: one item, or thousands at once."
    >
      <search className={classes.filters}>
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          data={jobStates.map((value) => ({ value, label: jobStateNames[value] }))}
          value={search.status ?? null}
          onChange={(value) => change({ status: (value as JobState | null) ?? undefined })}
          w={150}
        />
        <Select
          aria-label="Task"
          placeholder="All tasks"
          clearable
          searchable
          data={(tasks.data ?? []).map(({ task, title }) => ({ value: task, label: title || task }))}
          value={search.task ?? null}
          onChange={(value) => change({ task: value ?? undefined })}
          w={200}
        />
        {givenCount(search) > 0 && (
          <Button
            variant="subtle"
            leftSection={<IconX size={15} />}
            onClick={() => void navigate({ search: {}, replace: true })}
          >
            Clear
          </Button>
        )}
      </search>
      <Panel flush>
        <Endless
          query={query}
          isEmpty={(pages) => pages.every(({ data }) => data.length === 0)}
          empty={
            givenCount(search) > 0 ? (
              <Empty title="No job matches" icon={<IconStack2 size={22} />}>
                Take a filter away. Jobs that ended long ago are cleared away; their decisions stay.
              </Empty>
            ) : (
              <Empty title="No job yet" icon={<IconStack2 size={22} />}>
                Your application hands one over with <span className="mono">POST /v1/jobs</span> and gets the answer by
                webhook, from its own message broker, or by asking.
              </Empty>
            )
          }
        >
          {(pages) => <Rows rows={pages.flatMap(({ data }) => data)} />}
        </Endless>
      </Panel>
    </Page>
  );
}

function Rows({ rows }: { rows: readonly JobSummary[] }) {
  return (
    <DataTable
      caption="Jobs"
      minWidth={820}
      columns={[
        { head: 'Handed over', width: 130 },
        { head: 'Task' },
        { head: 'State', width: 120 },
        { head: 'Progress' },
        { head: 'Attempts', align: 'right', width: 90 },
        { head: 'Priority', align: 'right', width: 90 },
        { head: 'External id' },
      ]}
    >
      {rows.map((job) => (
        <Table.Tr key={job.id} className={rowClasses.row}>
          <Table.Td>
            <TextLink to="/jobs/$job" params={{ job: job.id }} className={rowClasses.link ?? ''}>
              <Time at={job.created_at} />
            </TextLink>
          </Table.Td>
          <Table.Td>{job.task}</Table.Td>
          <Table.Td>
            <JobStatus job={job} />
          </Table.Td>
          <Table.Td>
            <JobProgress job={job} />
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {job.attempts}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {job.priority}
          </Table.Td>
          <Table.Td className={rowClasses.cut ?? ''}>{job.external_id ?? '–'}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
