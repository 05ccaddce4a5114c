import { Button, Collapse, UnstyledButton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Certification, Task } from '@understudy/client';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Facts } from '../../components/facts.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { explain, LoadingRows } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count, percent, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconChevronDown } from '../../theme/icons.ts';
import { CertificateStatus } from '../overview/certificate-status.tsx';
import { asSet, inWords } from './budget.ts';
import classes from './certificate-panel.module.css';
import { SuspensionEvidence } from './suspension-evidence.tsx';
import { certificationQuery } from './task-queries.ts';

/** The certificate in plain words: what is promised, what it rests on, and what it takes for granted. */
export function CertificatePanel({ task }: { task: Task }) {
  const query = useQuery(certificationQuery(task.task));
  return (
    <Panel
      title={<Term name="certificate">Certificate</Term>}
      actions={
        query.data !== undefined && (
          <CertificateStatus
            status={query.data.valid_for === null ? undefined : query.data.status}
            mode={task.automation.mode}
          />
        )
      }
    >
      <div className={classes.frame}>
        <QueryView query={query} loading={<LoadingRows rows={5} />}>
          {(certification) => <Words task={task} certification={certification} />}
        </QueryView>
      </div>
    </Panel>
  );
}

function Words({ task, certification }: { task: Task; certification: Certification }) {
  switch (certification.status) {
    case 'certified':
      return <Certified task={task} certification={certification} />;
    case 'suspended':
      return <Suspended task={task} certification={certification} />;
    case 'not_certifiable_yet':
      return <NotYet task={task} certification={certification} />;
  }
}

const sure = (confidence: number) => `${asSet(confidence)} sure`;

function Certified({ task, certification }: { task: Task; certification: Certification }) {
  const { max_error: maxError, confidence, evidence, expected_coverage: coverage, in_force: inForce } = certification;
  const paused = task.automation.mode !== 'certified';
  return (
    <>
      {!inForce && !paused && (
        <p className={classes.notice} role="status">
          It does not hold for the task as it is now (its answers or budget were changed since). People decide
          everything until it is certified again.
        </p>
      )}
      {paused && (
        <p className={classes.notice} role="status">
          {task.automation.mode === 'off'
            ? 'Automation is paused: people decide everything, and the certificate waits.'
            : 'This task answers without regard to the certificate, from a fixed confidence on. Nothing about its error is promised.'}
        </p>
      )}
      <p className={classes.promise}>
        {task.automation.mode === 'uncertified' ? (
          <>
            If it decided, at most <strong>{inWords(maxError)}</strong> of the answers given alone would be wrong.
          </>
        ) : (
          <>
            Of the answers that Understudy gives alone, at most <strong>{inWords(maxError)}</strong> are wrong.
          </>
        )}{' '}
        That is <strong>{sure(confidence)}</strong>.
      </p>
      <p className={classes.text}>
        It rests on <strong>{plural(evidence.labelled, 'example')}</strong> that the model had never seen. It was sure
        enough of {count(evidence.accepted)} of them, and wrong about{' '}
        {evidence.errors === 0 ? 'none' : count(evidence.errors)} of these.
        {coverage !== null && (
          <>
            {' '}
            About <strong>{percent(coverage, 0)}</strong> of all items are expected to be answered alone; the rest goes
            to people.
          </>
        )}
      </p>
      <Assumptions rows={certification.assumptions} />
      <Details task={task} certification={certification} />
    </>
  );
}

function Assumptions({ rows }: { rows: readonly string[] }) {
  if (rows.length === 0) return null;
  return (
    <div className={classes.text}>
      It takes for granted:
      <ul className={classes.list}>
        {rows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
    </div>
  );
}

function NotYet({ task, certification }: { task: Task; certification: Certification }) {
  const { needed, evidence, valid_for: validFor } = certification;
  const may = useScopes();
  if (validFor === null) {
    return (
      <>
        <p className={classes.promise}>There is no model yet, so people decide everything.</p>
        <p className={classes.text}>
          Bring examples with their right answers, or let people answer what comes in; then a model is trained, tested
          and certified by itself.
        </p>
        <div className={classes.actions}>
          {may('examples:write') && (
            <ButtonLink to="/tasks/$task/setup" params={{ task: task.task }} search={{ step: 'import' }} size="xs">
              Import examples
            </ButtonLink>
          )}
          {may('training:write') && (
            <ButtonLink
              to="/tasks/$task/setup"
              params={{ task: task.task }}
              search={{ step: 'train' }}
              size="xs"
              variant="default"
            >
              Train a model
            </ButtonLink>
          )}
        </div>
      </>
    );
  }
  return (
    <>
      <p className={classes.promise}>
        It is not proven yet that at most <strong>{inWords(certification.max_error)}</strong> of the answers would be
        wrong, so people decide everything.
      </p>
      {needed !== undefined && (
        <p className={classes.text}>
          {needed.labels === null ? (
            sentence(needed.reason)
          ) : (
            <>
              About <strong>{plural(Math.max(1, needed.labels - evidence.labelled), 'more labelled example')}</strong>{' '}
              that the model has not learnt from would do, if it goes on as it does: {count(evidence.labelled)} of{' '}
              {count(needed.labels)} are there.
            </>
          )}
        </p>
      )}
      <p className={classes.text}>
        People’s answers in the review queue count as they come. A larger <Term name="error budget">error budget</Term>{' '}
        needs fewer: try it with the dial below.
      </p>
      <div className={classes.actions}>
        {may('review:write') && (
          <ButtonLink to="/review" search={{ task: task.task }} size="xs">
            Answer items
          </ButtonLink>
        )}
        {may('examples:write') && (
          <ButtonLink
            to="/tasks/$task/setup"
            params={{ task: task.task }}
            search={{ step: 'import' }}
            size="xs"
            variant="default"
          >
            Import examples
          </ButtonLink>
        )}
      </div>
      <Details task={task} certification={certification} />
    </>
  );
}

function Suspended({ task, certification }: { task: Task; certification: Certification }) {
  const { suspension } = certification;
  const may = useScopes();
  return (
    <>
      <p className={classes.promise}>
        The certificate was suspended <Time at={suspension?.at} />. People decide everything until there is a new one.
      </p>
      {suspension !== null && (
        <>
          <p className={classes.text}>{sentence(suspension.reason)}</p>
          <Audited evidence={suspension.evidence} />
        </>
      )}
      <div className={classes.text}>
        What to do:
        <ul className={classes.list}>
          <li>Look at the wrong answers: has what comes in changed, or what counts as right?</li>
          <li>
            Go on answering items. Fresh answers are evidence for a new certificate, and a better model is trained from
            them {task.retraining.mode === 'auto' ? 'by itself' : 'when you start it'}.
          </li>
          <li>Certify again as soon as there are enough of them. What was before the suspension does not count.</li>
        </ul>
      </div>
      <div className={classes.actions}>
        {may('review:write') && (
          <ButtonLink to="/review" search={{ task: task.task }} size="xs">
            Answer items
          </ButtonLink>
        )}
        {may('decisions:read') && (
          <ButtonLink to="/decisions" search={{ task: task.task, outcome: 'automated' }} size="xs" variant="default">
            See what was answered alone
          </ButtonLink>
        )}
      </div>
      <Details task={task} certification={certification} />
    </>
  );
}

/** The evidence in a sentence; all of it is folded away below. */
function Audited({ evidence }: { evidence: Record<string, unknown> }) {
  const { audited, wrong } = evidence;
  if (typeof audited !== 'number' || typeof wrong !== 'number') return null;
  return (
    <p className={classes.text}>
      <strong>
        {count(wrong)} of {plural(audited, 'audited answer')}
      </strong>{' '}
      {wrong === 1 ? 'was' : 'were'} wrong, too many for chance alone.
    </p>
  );
}

/** What an expert asks for, folded away. */
function Details({ task, certification }: { task: Task; certification: Certification }) {
  const [open, setOpen] = useState(false);
  const {
    threshold,
    evidence,
    certified_at: at,
    valid_for: validFor,
    rows_digest: digest,
    certificate,
  } = certification;
  return (
    <div className={classes.details}>
      <div className={classes.bar}>
        <UnstyledButton className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <IconChevronDown size={15} className={classes.chevron} data-open={open || undefined} aria-hidden="true" />
          Evidence and method
        </UnstyledButton>
        <Renew task={task} />
      </div>
      <Collapse expanded={open}>
        {certification.suspension !== null && (
          <>
            <h3 className={classes.heading}>Why it was suspended</h3>
            <SuspensionEvidence evidence={certification.suspension.evidence} />
            <h3 className={classes.heading}>What it had rested on</h3>
          </>
        )}
        <Facts
          rows={[
            [<Term key="t" name="threshold" />, threshold === null ? '–' : threshold.toFixed(4)],
            ['Examples tested', count(evidence.labelled)],
            ['Sure enough of', count(evidence.accepted)],
            ['Wrong among these', count(evidence.errors)],
            evidence.p_value === null ? null : ['p-value', evidence.p_value.toPrecision(3)],
            ['Method', evidence.method ?? '–'],
            certification.needed === undefined ? null : ['Why not yet', sentence(certification.needed.reason)],
            ['Model version', validFor?.model_version ?? '–'],
            [<Term key="d" name="dataset" />, <Mono key="dv" value={validFor?.dataset ?? '–'} />],
            ['Rows, SHA-256', <Mono key="r" value={digest ?? '–'} />],
            ['Certificate', <Mono key="c" value={certificate ?? '–'} />],
            ['Issued', <Time key="i" at={at} as="exact" />],
          ]}
        />
      </Collapse>
    </div>
  );
}

function Mono({ value }: { value: string }) {
  return (
    <span className="mono">
      {value} {value !== '–' && <CopyButton value={value} what="it" />}
    </span>
  );
}

/** Certifies the model in use again, on the labels as they stand. */
function Renew({ task }: { task: Task }) {
  const may = useScopes();
  const cache = useQueryClient();
  const renew = useMutation({
    mutationFn: () => client.certification.renew(task.task),
    onSuccess: (fresh) => {
      cache.setQueryData(certificationQuery(task.task).queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ['certification', task.task] });
    },
  });
  if (!may('training:write')) return null;
  return (
    <span className={classes.renew}>
      {renew.error !== null && (
        <span className={classes.failure} role="alert">
          {explain(renew.error).detail}
        </span>
      )}
      <Button size="xs" variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
        Certify again with all labels
      </Button>
    </span>
  );
}

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]\)?$/.test(text) ? '' : '.'}`;
