import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Job } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { BackLink } from '../../components/back-link.tsx';
import { Columns } from '../../components/columns.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { Timeline } from '../../components/timeline.tsx';
import { count } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { JobAnswers } from './job-answers.tsx';
import { JobProgress } from './job-progress.tsx';
import { isOver, JobStatus } from './job-status.tsx';
import { jobTimeline } from './job-timeline.ts';
import classes from './jobs.module.css';
import { jobQuery } from './queue-queries.ts';

const route = getRouteApi('/shell/jobs/$job');

/** One job as it goes on, and what was decided. */
export function JobPage() {
  const { job: id } = route.useParams();
  const may = useScopes();
  const cache = useQueryClient();
  const [cancelling, { open, close }] = useDisclosure(false);
  const query = useQuery({
    ...jobQuery(id),
    refetchInterval: (state) =>
      state.state.data !== undefined && isOver(state.state.data) ? false : refresh.live(state),
  });
  const job = query.data;
  return (
    <Page
      title="Job"
      tabTitle={job === undefined ? 'Job' : `Job of ${job.task}`}
      above={<BackLink to="/jobs">Jobs</BackLink>}
      description={
        job === undefined ? (
          ' '
        ) : (
          <>
            <JobStatus job={job} />{' '}
            <TextLink to="/tasks/$task" params={{ task: job.task }}>
              {job.task}
            </TextLink>
            {' · '}
            <Time at={job.created_at} as="exact" />
          </>
        )
      }
      actions={
        job !== undefined &&
        !isOver(job) &&
        may('jobs:write') && (
          <Button variant="default" onClick={open}>
            Cancel the job
          </Button>
        )
      }
    >
      <QueryView query={query} loading={<LoadingBlock height={420} />}>
        {(facts) => (
          <Columns
            main={
              <>
                {(facts.progress.total > 1 || !isOver(facts)) && (
                  <Panel title="Progress">
                    <JobProgress job={facts} wide />
                  </Panel>
                )}
                {facts.error !== null && <Problem job={facts} />}
                <JobAnswers job={facts} />
              </>
            }
            side={
              <>
                <Panel title="What happened">
                  <Timeline entries={jobTimeline(facts)} />
                </Panel>
                <JobFacts job={facts} />
              </>
            }
          />
        )}
      </QueryView>
      <ConfirmDialog
        opened={cancelling}
        title="Cancel this job?"
        action="Cancel the job"
        dangerous
        onConfirm={async () => {
          await client.jobs.cancel(id);
          await cache.invalidateQueries({ queryKey: ['jobs'] });
        }}
        onClose={close}
      >
        Items that were decided stay decided and stand in the ledger. The rest is not decided any more.
      </ConfirmDialog>
    </Page>
  );
}

function Problem({ job }: { job: Job }) {
  const may = useScopes();
  return (
    <Panel
      title={isOver(job) ? 'Why it failed' : 'Why the last attempt failed'}
      actions={
        job.status === 'failed' &&
        may('dead-letters:read') && (
          <TextLink to="/dead-letters" search={{ origin: `job:${job.id}` }} size="sm">
            Its dead letters
          </TextLink>
        )
      }
    >
      <p className={`${classes.error} content`}>{job.error!.detail}</p>
      <p className={`${classes.code} mono`}>{job.error!.code}</p>
    </Panel>
  );
}

function JobFacts({ job }: { job: Job }) {
  return (
    <Panel title="Facts">
      <Facts
        rows={[
          ['Job', <Copyable key="id" value={job.id} what="the id" />],
          job.external_id === undefined ? null : ['External id', job.external_id],
          ['Items', count(job.progress.total)],
          job.failed_items === undefined || job.failed_items === 0 ? null : ['Not decided', count(job.failed_items)],
          ['Priority', `${job.priority} of 9`],
          job.attempts === 0 ? null : ['Attempts', count(job.attempts)],
        ]}
      />
    </Panel>
  );
}
