import { Button, Group, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DecisionDetail } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { decisionQuery, taskQuery } from '../../api/resources.ts';
import { Panel } from '../../components/panel.tsx';
import { explain } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { useScopes, useSession } from '../../session/session.ts';
import classes from './decision-page.module.css';

const SOURCES: Readonly<Record<string, string>> = {
  application: 'your application',
  appeal: 'an appeal',
  reviewer: 'a reviewer',
  audit: 'a blind audit',
  import: 'an import',
};

/** What people said about the decision, oldest first, and the way to say something oneself. */
export function LabelsPanel({ decision }: { decision: DecisionDetail }) {
  const may = useScopes();
  const [saying, setSaying] = useState(false);
  const { labels, truth, label, labels_conflict } = decision;
  return (
    <Panel
      title="The truth about it"
      description={
        truth === null ? (
          'Nobody has said yet what the right answer is.'
        ) : (
          <>
            Right answer: <LabelName name={truth} />{' '}
            {label !== null &&
              (truth === label ? (
                <Status tone="good">the automated answer was right</Status>
              ) : (
                <Status tone="bad">the automated answer was wrong</Status>
              ))}{' '}
            {labels_conflict && <Status tone="warn">people disagree</Status>}
          </>
        )
      }
      actions={
        may('labels:write') && (
          <Button variant="default" size="compact-sm" onClick={() => setSaying(!saying)} aria-expanded={saying}>
            Say what is right
          </Button>
        )
      }
    >
      {saying && <LabelForm decision={decision} onDone={() => setSaying(false)} />}
      {labels.length > 0 && (
        <ol className={classes.history}>
          {labels.map((entry) => (
            <li key={entry.id}>
              <LabelName name={entry.label} muted={entry.echo} />
              <span>
                by {SOURCES[entry.source] ?? entry.source}
                {entry.person !== null && <> ({entry.person})</>}, <Time at={entry.created_at} />
              </span>
              {entry.echo && <Status tone="quiet">our own answer copied back, not counted</Status>}
              {entry.note !== null && <span className={`content ${classes.note}`}>{entry.note}</span>}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function LabelForm({ decision, onDone }: { decision: DecisionDetail; onDone(): void }) {
  const cache = useQueryClient();
  const { principal } = useSession();
  const task = useQuery({ ...taskQuery(decision.task), retry: false });
  const [label, setLabel] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [key] = useState(() => crypto.randomUUID());
  const say = useMutation({
    mutationFn: (chosen: string) =>
      client.decisions.label(
        decision.id,
        { label: chosen, source: 'appeal', person: principal.id, ...(note.trim() === '' ? {} : { note: note.trim() }) },
        { idempotencyKey: key },
      ),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: decisionQuery(decision.id).queryKey });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label !== null) say.mutate(label);
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <Select
        label="The right answer"
        description="Recorded as an appeal: it goes to a reviewer, whose answer counts."
        data={(task.data?.labels ?? decision.candidates.map((candidate) => ({ name: candidate.label }))).map(
          ({ name }) => name,
        )}
        value={label}
        onChange={setLabel}
        searchable
      />
      <Textarea
        label="Why"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={4000}
        mt="sm"
      />
      {say.error !== null && (
        <p className={classes.bad} role="alert">
          {explain(say.error).detail}
        </p>
      )}
      <Group mt="sm" gap="xs">
        <Button type="submit" disabled={label === null} loading={say.isPending}>
          Send
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
