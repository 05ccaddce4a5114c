import { Button, Kbd } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { InputContent } from '../../components/content.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { useNow } from '../../components/time.tsx';
import { IconArrowBackUp } from '../../theme/icons.ts';
import classes from './last-action.module.css';
import type { LastAction as Action, ReviewDesk } from './review-desk.ts';

const WORDS = { verdict: 'You answered', skip: 'You skipped it', escalate: 'You escalated it', release: '' } as const;

/**
 * What was done last: to take back, and, now that it is decided, what the model saw in it. Before the verdict the
 * highlights would steer it.
 */
export function LastAction({ desk, last, undoing }: { desk: ReviewDesk; last: Action; undoing: boolean }) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const isVerdict = last.entry.action === 'verdict';
  const mayUndo = !last.settled || (isVerdict && (last.undoUntil === null || last.undoUntil > now));
  return (
    <section className={classes.last} aria-label="Last answer">
      <div className={classes.line}>
        <span role="status">
          {WORDS[last.entry.action]} {last.entry.label !== undefined && <LabelName name={last.entry.label} />}
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
      {open && isVerdict && <Explanation key={last.claim.item} action={last} />}
    </section>
  );
}

function Explanation({ action: { claim } }: { action: Action }) {
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
