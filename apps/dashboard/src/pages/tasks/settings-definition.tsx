import { NumberInput, Textarea, TextInput } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { EconomicsFields, economicsProblem } from './economics-fields.tsx';
import { cleanLabels, LabelFields, labelProblem } from './label-fields.tsx';
import type { SectionProps } from './settings-section.ts';
import classes from './task-form.module.css';
import { TaskForm, useTaskForm } from './task-form.tsx';

/** What the task is called, and how people are to answer. */
export function GeneralSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    ({ title, owner, instructions, retention_days }) => ({ title, owner, instructions, retention_days }),
    (values) => values,
  );
  if (form.values === undefined) return null;
  const { values } = form;
  const problem =
    values.title.trim() === ''
      ? 'The task needs a name.'
      : Number.isInteger(values.retention_days) && values.retention_days >= 1 && values.retention_days <= 36_500
        ? null
        : 'Inputs are kept for 1 to 36,500 days.';
  return (
    <Panel title="Name and instructions">
      <TaskForm form={form} problem={problem} readOnly={readOnly}>
        <div className={classes.row}>
          <TextInput
            label="Name"
            value={values.title}
            maxLength={200}
            onChange={(event) => form.change({ ...values, title: event.currentTarget.value })}
          />
          <TextInput
            label="Owner"
            placeholder="Who is asked about it"
            value={values.owner}
            maxLength={200}
            onChange={(event) => form.change({ ...values, owner: event.currentTarget.value })}
          />
        </div>
        <Textarea
          label="Instructions for reviewers"
          description="They see it beside each item. Markdown is fine."
          value={values.instructions}
          onChange={(event) => form.change({ ...values, instructions: event.currentTarget.value })}
          autosize
          minRows={4}
          maxRows={18}
          maxLength={100_000}
        />
        <NumberInput
          label="Days that inputs are kept"
          description="Afterwards the text of a decision is erased; the decision itself stays in the ledger."
          value={Number.isFinite(values.retention_days) ? values.retention_days : ''}
          onChange={(value) => form.change({ ...values, retention_days: value === '' ? Number.NaN : Number(value) })}
          min={1}
          max={36_500}
          maw={260}
          clampBehavior="none"
        />
      </TaskForm>
    </Panel>
  );
}

/** The answers that it can have. */
export function AnswersSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    (task) => task.labels,
    (labels) => ({ labels: cleanLabels(labels) }),
  );
  if (form.values === undefined) return null;
  return (
    <Panel
      title="Possible answers"
      description="Other answers are another question: after a change, people decide until a model for them is certified. Past decisions keep the answers that they had."
    >
      <TaskForm form={form} problem={labelProblem(form.values)} readOnly={readOnly}>
        <LabelFields labels={form.values} onChange={form.change} />
      </TaskForm>
    </Panel>
  );
}

/** What an item costs. */
export function EconomicsSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    (task) => task.economics,
    (economics) => ({ economics }),
  );
  if (form.values === undefined) return null;
  return (
    <Panel title="Costs" description="What savings are calculated from. The value report names them openly.">
      <TaskForm form={form} problem={economicsProblem(form.values)} readOnly={readOnly}>
        <EconomicsFields economics={form.values} onChange={form.change} />
      </TaskForm>
    </Panel>
  );
}
