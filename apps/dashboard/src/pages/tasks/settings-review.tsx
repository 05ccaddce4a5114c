import { NumberInput } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { isShare, PercentField } from './percent-field.tsx';
import type { SectionProps } from './settings-section.ts';
import classes from './task-form.module.css';
import { TaskForm, useTaskForm } from './task-form.tsx';

/** How many automated answers people check. */
export function AuditSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    (task) => task.audit,
    ({ rate, near_threshold_rate: near }) => ({
      audit: { rate, ...(near === undefined || Number.isNaN(near) ? {} : { near_threshold_rate: near }) },
    }),
  );
  if (form.values === undefined) return null;
  const { rate, near_threshold_rate: near } = form.values;
  const problem =
    isShare(rate) && !Number.isNaN(rate) && (near === undefined || Number.isNaN(near) || isShare(near))
      ? null
      : 'A share is between 0 and 100 %.';
  return (
    <Panel
      title={<Term name="audit lane">Blind audits</Term>}
      description="Without them, nobody knows how often automated answers are wrong. Each costs as much of a person’s time as any item."
    >
      <TaskForm form={form} problem={problem} readOnly={readOnly}>
        <div className={classes.row}>
          <PercentField
            label="Of all automated answers"
            description="Checked by a person who does not see the answer"
            value={rate}
            onChange={(share) => form.change({ ...form.values!, rate: share })}
          />
          <PercentField
            label="Of the less sure ones"
            description="Near the threshold; empty = like all others"
            value={near}
            onChange={(share) => form.change({ ...form.values!, near_threshold_rate: share })}
          />
        </div>
        {rate === 0 && (
          <p className={classes.hint}>
            With 0 % the certificate is never checked again, and a change for the worse is not noticed.
          </p>
        )}
      </TaskForm>
    </Panel>
  );
}

/** How items are shown to people. */
export function ReviewSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    (task) => task.review,
    (review) => ({ review }),
  );
  if (form.values === undefined) return null;
  const { values } = form;
  const set = (change: Partial<typeof values>) => form.change({ ...values, ...change });
  const shares = [values.hide_suggestions, values.double_review_rate, values.gold_rate];
  const problem = shares.every((share) => share >= 0 && share <= 1)
    ? values.lease_seconds >= 10 && values.lease_seconds <= 86_400
      ? values.idle_limit_seconds >= 5 && values.idle_limit_seconds <= 3600
        ? null
        : 'One item counts for 5 to 3,600 seconds of work at most.'
      : 'An item is held for 10 to 86,400 seconds.'
    : 'A share is between 0 and 100 %.';
  return (
    <Panel title="Review" description="How people are shown what waits for them.">
      <TaskForm form={form} problem={problem} readOnly={readOnly}>
        <div className={classes.row}>
          <PercentField
            label="Without the model’s suggestion"
            description="People who see a suggestion tend to agree"
            value={values.hide_suggestions}
            onChange={(share) => set({ hide_suggestions: share })}
          />
          <PercentField
            label="Answered by two people"
            description="Shows how far people agree at all"
            value={values.double_review_rate}
            onChange={(share) => set({ double_review_rate: share })}
          />
          <PercentField
            label="With a known answer"
            description="Mixed in to see how accurate reviewing is"
            value={values.gold_rate}
            onChange={(share) => set({ gold_rate: share })}
          />
        </div>
        <div className={classes.row}>
          <NumberInput
            label="Seconds that an item is held"
            description="Then somebody else may get it"
            value={values.lease_seconds}
            onChange={(value) => set({ lease_seconds: Number(value) })}
            min={10}
            max={86_400}
            clampBehavior="none"
          />
          <NumberInput
            label="Seconds that count as work"
            description="For one item at most: pauses are not work"
            value={values.idle_limit_seconds}
            onChange={(value) => set({ idle_limit_seconds: Number(value) })}
            min={5}
            max={3600}
            clampBehavior="none"
          />
        </div>
      </TaskForm>
    </Panel>
  );
}
