import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Job, JobDecision } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Endless, whileShort } from '../../components/endless.tsx';
import { TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { percent } from '../../formatting/numbers.ts';
import { isOver } from './job-status.tsx';
import classes from './jobs.module.css';
import { jobAnswersQuery } from './queue-queries.ts';

type Answered = NonNullable<JobDecision['decision']>;

/** What was decided: of one item, or of each. */
export function JobAnswers({ job }: { job: Job }) {
  return job.decisions === undefined ? <OneAnswer job={job} /> : <ManyAnswers job={job} />;
}

function ManyAnswers({ job }: { job: Job }) {
  const over = isOver(job);
  const query = useInfiniteQuery({
    ...jobAnswersQuery(job.id),
    refetchInterval: whileShort((state) => (over ? false : refresh.live(state))),
  });
  return (
    <Panel title="Answers" flush>
      <Endless
        query={query}
        isEmpty={(pages) => pages.every(({ data }) => data.length === 0)}
        empty={<Empty title="No items">The job has none.</Empty>}
      >
        {(pages) => (
          <DataTable
            caption="Answers"
            minWidth={560}
            columns={[
              { head: 'Item', width: 80, align: 'right' },
              { head: 'External id' },
              { head: 'Outcome', width: 150 },
              { head: 'Answer' },
              { head: 'Confidence', align: 'right', width: 110 },
            ]}
          >
            {pages
              .flatMap(({ data }) => data)
              .map(({ position, external_id, decision, error }) => (
                <Table.Tr key={position} className={rowClasses.row}>
                  <Table.Td ta="right" className="figures">
                    {position + 1}
                  </Table.Td>
                  <Table.Td className={rowClasses.cut ?? ''}>{external_id ?? '–'}</Table.Td>
                  <Table.Td>
                    <Outcome decision={decision} failed={error !== null} over={over} />
                  </Table.Td>
                  <Table.Td>
                    {decision === null ? (
                      error === null ? (
                        '–'
                      ) : (
                        <span className="content">{error.detail}</span>
                      )
                    ) : (
                      <Answer decision={decision} linked />
                    )}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {percent(decision?.confidence)}
                  </Table.Td>
                </Table.Tr>
              ))}
          </DataTable>
        )}
      </Endless>
    </Panel>
  );
}

function OneAnswer({ job }: { job: Job }) {
  const { decision } = job;
  return (
    <Panel title="Answer">
      {decision == null ? (
        <Empty title={isOver(job) ? 'There is no answer' : 'Not decided yet'}>
          {isOver(job) ? 'The job ended without one.' : 'The answer appears here by itself.'}
        </Empty>
      ) : (
        <div className={classes.answer}>
          <Outcome decision={decision} failed={false} over />
          <Answer decision={decision} />
          <span className="figures">{percent(decision.confidence)}</span>
          <TextLink to="/decisions/$decision" params={{ decision: decision.id }}>
            All about this decision
          </TextLink>
        </div>
      )}
    </Panel>
  );
}

function Outcome({ decision, failed, over }: { decision: Answered | null; failed: boolean; over: boolean }) {
  if (failed) return <Status tone="bad">Not decided</Status>;
  if (decision === null) return <Status tone="quiet">{over ? 'Not decided' : 'Waiting'}</Status>;
  return decision.outcome === 'automated' ? (
    <Status tone="good">Automated</Status>
  ) : (
    <Status tone="info">Went to people</Status>
  );
}

function Answer({ decision, linked }: { decision: Answered; linked?: boolean }) {
  const name =
    decision.label !== null ? (
      <LabelName name={decision.label} />
    ) : decision.suggestion == null ? (
      'no answer yet'
    ) : (
      <LabelName name={decision.suggestion.label} muted />
    );
  if (linked !== true) return name;
  return (
    <TextLink to="/decisions/$decision" params={{ decision: decision.id }} className={rowClasses.link ?? ''}>
      {name}
    </TextLink>
  );
}
