import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { DecisionDetail } from '@understudy/client';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { decisionQuery } from '../../api/resources.ts';
import { BackLink } from '../../components/back-link.tsx';
import { InputContent } from '../../components/content.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { microseconds, money, percent } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { Candidates } from './candidates.tsx';
import classes from './decision-page.module.css';
import { LabelsPanel } from './labels-panel.tsx';
import { ProofPanel } from './proof-panel.tsx';
import { whyOf } from './why.ts';

const route = getRouteApi('/shell/decisions/$decision');

/** One decision: what was asked, what was answered, by whom, why, and what people said since. */
export function DecisionPage() {
  const { decision: id } = route.useParams();
  const query = useQuery({ ...decisionQuery(id), refetchInterval: refresh.steady });
  const decision = query.data;
  return (
    <Page
      title={decision === undefined ? 'Decision' : titleOf(decision)}
      tabTitle="Decision"
      above={<BackLink to="/decisions">Decisions</BackLink>}
      description={
        decision === undefined ? (
          ' '
        ) : (
          <>
            {decision.outcome === 'automated' ? (
              <Status tone="good">Automated</Status>
            ) : (
              <Status tone="info">Went to people</Status>
            )}{' '}
            <TextLink to="/tasks/$task" params={{ task: decision.task }}>
              {decision.task}
            </TextLink>
            {' · '}
            <Time at={decision.created_at} as="exact" />
          </>
        )
      }
    >
      <QueryView query={query} loading={<LoadingBlock height={420} />}>
        {(data) => <Detail decision={data} />}
      </QueryView>
    </Page>
  );
}

function titleOf({ label, suggestion, truth }: DecisionDetail): string {
  if (label !== null) return label;
  if (truth !== null) return `${truth}, decided by a person`;
  return suggestion === null ? 'Waits for a person' : `Perhaps ${suggestion.label}; waits for a person`;
}

function Detail({ decision }: { decision: DecisionDetail }) {
  const may = useScopes();
  const why = whyOf(decision);
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <InputPanel decision={decision} />
        <Panel title={why.title}>
          <p className={classes.why}>{why.text}</p>
          {why.next !== null && <p className={classes.quiet}>{why.next}</p>}
        </Panel>
        {decision.candidates.length > 0 && (
          <Panel title={<Term name="candidates">Candidates</Term>}>
            <Candidates candidates={decision.candidates} threshold={decision.threshold} />
          </Panel>
        )}
        <LabelsPanel decision={decision} />
      </div>
      <div className={classes.column}>
        <Panel title="Facts">
          <Facts
            rows={[
              ['Decision', <Copyable key="id" value={decision.id} what="the id" />],
              ['Answered by', <AnsweredBy key="by" decision={decision} />],
              [
                <Term key="t" name="confidence">
                  Confidence
                </Term>,
                percent(decision.confidence),
              ],
              [
                <Term key="t" name="threshold">
                  Threshold
                </Term>,
                percent(decision.threshold),
              ],
              [
                <Term key="t" name="certificate">
                  Certificate
                </Term>,
                decision.certificate === null ? (
                  'none in force'
                ) : (
                  <Copyable key="c" value={decision.certificate} what="the certificate" />
                ),
              ],
              [
                <Term key="t" name="audit lane">
                  Audit
                </Term>,
                decision.audit === null
                  ? 'not in the audit lane'
                  : `can be drawn, with probability ${percent(decision.audit.probability)}`,
              ],
              ['Task revision', decision.task_revision],
              ['Cost', money(decision.cost.amount, decision.cost.currency)],
              ...Object.entries(decision.timings).map(
                ([phase, value]) => [`Time: ${phase}`, microseconds(value)] as const,
              ),
              decision.external_id === null ? null : ['External id', decision.external_id],
              decision.subject === null ? null : ['Subject', decision.subject],
              ...Object.entries(decision.attributes ?? {}).map(([name, value]) => [name, String(value)] as const),
              ['Request', <Copyable key="r" value={decision.request_id} what="the request id" />],
              decision.trace_id === null
                ? null
                : ['Trace', <Copyable key="tr" value={decision.trace_id} what="the trace id" />],
            ]}
          />
        </Panel>
        {may('ledger:read') && <ProofPanel decision={decision.id} />}
      </div>
    </div>
  );
}

function AnsweredBy({ decision: { decided_by } }: { decision: DecisionDetail }) {
  if (decided_by === null) return 'nobody yet';
  return (
    <>
      {decided_by.rung === 'own_model' ? 'the own model' : decided_by.rung.replaceAll('_', ' ')},{' '}
      <TextLink to="/models/$model" params={{ model: decided_by.model }}>
        {decided_by.model} version {decided_by.version}
      </TextLink>
    </>
  );
}

/** What was asked; on demand with what the model saw in it, once it may be seen. */
function InputPanel({ decision }: { decision: DecisionDetail }) {
  const [asked, setAsked] = useState(false);
  const item = decision.review?.item ?? `itm_${decision.id.replace(/^dec_/, '')}`;
  const explanation = useQuery({
    queryKey: ['review', 'explanation', item],
    queryFn: ({ signal }) => client.review.explanation(item, { signal }),
    enabled: asked,
  });
  const may = useScopes();
  if (decision.erased) {
    return (
      <Panel title="Input">
        <Empty title="The content was erased">
          What it was is gone for good. That it was decided, and how, is kept.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel
      title="Input"
      actions={
        decision.decided_by !== null &&
        may('review:read') &&
        explanation.data === undefined && (
          <Button
            variant="default"
            size="compact-sm"
            loading={asked && explanation.isFetching}
            onClick={() => setAsked(true)}
          >
            What the model saw
          </Button>
        )
      }
    >
      <div className={classes.input}>
        <InputContent input={decision.input} features={explanation.data?.features ?? []} />
      </div>
      <div role="status">
        {explanation.data !== undefined && (
          <p className={classes.quiet}>
            Marked: what spoke for <LabelName name={explanation.data.label} />; underlined: what spoke against it.
          </p>
        )}
        {explanation.error !== null && (
          <p className={classes.quiet}>
            There is no explanation to show: either it was not kept, or somebody still has to answer the item without
            being steered.
          </p>
        )}
      </div>
    </Panel>
  );
}
