import { Accordion } from '@mantine/core';
import type { ValueReport } from '@understudy/client';
import { CopyButton } from '../../components/copy-button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../formatting/numbers.ts';
import classes from './value.module.css';

/** Names of the method’s parts; those that are not known here are shown as they came. */
const methodNames: Record<string, string> = {
  window: 'Which decisions count',
  automation: 'Done without a person',
  error_rate: 'Wrong answers',
  baseline: 'The work by hand',
  reviewer: 'People’s time',
  audit: 'Audits',
  model: 'Models',
  infrastructure: 'Infrastructure',
  errors: 'What wrong answers cost',
  savings: 'The saving',
  evidence: 'Evidence',
};

const nameOf = (key: string) => methodNames[key] ?? key.replaceAll('_', ' ');

/** What the figures rest on, and how each of them comes about. */
export function EvidencePanel({ report }: { report: ValueReport }) {
  const { evidence, method, notes } = report;
  return (
    <div className={classes.pair}>
      <Panel title="What it rests on">
        <Facts
          rows={[
            [
              <Term key="head" name="ledger">
                Head of the ledger
              </Term>,
              <span key="value" className={classes.digest}>
                <span className="mono">{evidence.ledger_head}</span>
                <CopyButton value={`${evidence.ledger_size}:${evidence.ledger_head}`} what="size and head" />
              </span>,
            ],
            ['Size of the ledger', `${count(evidence.ledger_size)} commits`],
            ['Rows counted', `${count(evidence.rows)} decisions and labels`],
            [
              <Term key="audits" name="audit lane">
                Audits
              </Term>,
              `${count(evidence.audits_done)} answered, ${count(Math.round(evidence.audits_expected))} expected by chance`,
            ],
            evidence.decisions_without_task === 0
              ? null
              : ['Not counted', `${count(evidence.decisions_without_task)} decisions of tasks that were deleted`],
            ['Computed', <Time key="at" at={report.generated_at} as="exact" />],
          ]}
        />
        {notes.length > 0 && (
          <ul className={classes.notes}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title="How it was computed" flush>
        <Accordion multiple chevronPosition="right" className={classes.method} order={3}>
          {Object.entries(method).map(([key, words]) => (
            <Accordion.Item key={key} value={key}>
              <Accordion.Control>{nameOf(key)}</Accordion.Control>
              <Accordion.Panel>{words}</Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </Panel>
    </div>
  );
}
