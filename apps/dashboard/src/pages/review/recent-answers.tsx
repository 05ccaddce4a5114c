import { Button, Kbd } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReviewClaim } from '@understudy/client';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { InputContent } from '../../components/content.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { useNow } from '../../components/time.tsx';
import { IconArrowBackUp } from '../../theme/icons.ts';
import type { OutboxEntry } from './outbox.ts';
import classes from './recent-answers.module.css';
import type { LastAction, RecentAction, ReviewDesk } from './review-desk.ts';

const WORDS = { verdict: 'Answered', skip: 'Skipped', escalate: 'Escalated', release: '' } as const;

interface RecentAnswersProps {
  desk: ReviewDesk;
  last: LastAction | null;
  recent: readonly RecentAction[];
  undoing: boolean;
}

/**
 * What was done lately: the last of it to take back, and, now that it is decided, what the model saw in it. Before the
 * verdict the highlights would steer it.
 */
export function RecentAnswers({ desk, last, recent, undoing }: RecentAnswersProps) {
  const older = recent.filter(({ entry }) => entry.id !== last?.entry.id);
  return (
    <section className={classes.recent} aria-label="Last answers">
      {last === null ? (
        recent.length === 0 && (
          <div className={classes.line}>
            <span className={classes.quiet}>What you answer appears here. The last answer can be taken back.</span>
          </div>
        )
      ) : (
        <Last key={last.entry.id} desk={desk} last={last} undoing={undoing} />
      )}
      {older.length > 0 && (
        <ol className={classes.older}>
          {older.map(({ entry, claim }) => (
            <li key={entry.id} className={classes.line}>
              <Words entry={entry} />
              <span className={classes.excerpt} dir="auto">
                {excerptOf(claim.decision.input)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Words({ entry }: { entry: OutboxEntry }) {
  return (
    <span className={classes.words}>
      {WORDS[entry.action]} {entry.label !== undefined && <LabelName name={entry.label} />}
    </span>
  );
}

function Last({ desk, last, undoing }: { desk: ReviewDesk; last: LastAction; undoing: boolean }) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const isVerdict = last.entry.action === 'verdict';
  const mayUndo = !last.settled || (isVerdict && (last.undoUntil === null || last.undoUntil > now));
  return (
    <>
      <div className={classes.line}>
        <span role="status">
          <Words entry={last.entry} />
        </span>
        <span className={classes.excerpt} dir="auto">
          {excerptOf(last.claim.decision.input)}
        </span>
        {isVerdict && last.settled && (
          <Button variant="subtle" size="compact-sm" onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? 'Hide' : 'What the model saw'}
          </Button>
        )}
        {mayUndo && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconArrowBackUp size={14} />}
            rightSection={<Kbd size="xs">U</Kbd>}
            loading={undoing}
            onClick={() => void desk.undo()}
          >
            Undo
          </Button>
        )}
      </div>
      {open && isVerdict && <Explanation claim={last.claim} />}
    </>
  );
}

function Explanation({ claim }: { claim: ReviewClaim }) {
  const { data, error } = useQuery({
    queryKey: ['review', 'explanation', claim.item],
    queryFn: ({ signal }) => client.review.explanation(claim.item, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <p className={classes.none}>There is no explanation for this item.</p>;
  if (data === undefined) return <LoadingBlock height={60} />;
  return (
    <div className={classes.explanation}>
      <p className={classes.none}>
        Marked: what spoke for <LabelName name={data.label} /> in the model’s eyes; underlined: what spoke against it.
      </p>
      <InputContent input={claim.decision.input} features={data.features} />
    </div>
  );
}

function excerptOf(input: unknown): string {
  const text =
    typeof input === 'object' && input !== null
      ? Object.values(input).find((value) => typeof value === 'string')
      : input;
  return typeof text === 'string' ? text.slice(0, 160) : '';
}
