import { NumberInput, Radio, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { Task } from '@understudy/client';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { useScopes } from '../../session/session.ts';
import { percentageOf, shareOf } from './budget.ts';
import { DeleteTask } from './delete-task.tsx';
import { EconomicsFields, economicsProblem } from './economics-fields.tsx';
import { cleanLabels, LabelFields, labelProblem } from './label-fields.tsx';
import classes from './task-form.module.css';
import { TaskForm, useTaskForm } from './task-form.tsx';

interface SectionProps {
  slug: string;
  readOnly: boolean;
}

/** All that can be set of a task; each part is saved by itself. */
export function SettingsTab({ task }: { task: Task }) {
  const may = useScopes();
  const section = { slug: task.task, readOnly: !may('tasks:write') };
  return (
    <>
      <GeneralSection {...section} />
      <AnswersSection {...section} />
      <EconomicsSection {...section} />
      <AuditSection {...section} />
      <ReviewSection {...section} />
      <RetrainingSection {...section} />
      <CertificationSection {...section} />
      {may('tasks:write') && <DeleteTask task={task} />}
    </>
  );
}

function GeneralSection({ slug, readOnly }: SectionProps) {
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

function AnswersSection({ slug, readOnly }: SectionProps) {
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

function EconomicsSection({ slug, readOnly }: SectionProps) {
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

interface PercentFieldProps {
  label: string;
  description: string;
  value: number | undefined;
  onChange(share: number): void;
}

function PercentField({ label, description, value, onChange }: PercentFieldProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      suffix=" %"
      value={value === undefined || !Number.isFinite(value) ? '' : percentageOf(value)}
      onChange={(next) => onChange(next === '' ? Number.NaN : shareOf(Number(next)))}
      min={0}
      max={100}
      step={1}
      decimalScale={3}
      clampBehavior="none"
    />
  );
}

const isShare = (value: number | undefined) => value === undefined || (value >= 0 && value <= 1);

function AuditSection({ slug, readOnly }: SectionProps) {
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

function ReviewSection({ slug, readOnly }: SectionProps) {
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

function RetrainingSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    (task) => task.retraining,
    (retraining) => ({ retraining }),
  );
  if (form.values === undefined) return null;
  const { values } = form;
  const set = (change: Partial<typeof values>) => form.change({ ...values, ...change });
  const problem =
    Number.isInteger(values.min_new_labels) && values.min_new_labels >= 1 && values.min_new_labels <= 1_000_000
      ? values.min_new_share >= 0 && values.min_new_share <= 10
        ? values.min_hours_between >= 0 && values.min_hours_between <= 8760
          ? null
          : 'Between two runs there are 0 to 8,760 hours.'
        : 'The share is between 0 and 1,000 %.'
      : 'At least one new answer is needed for a run.';
  return (
    <Panel
      title={<Term name="retraining">Training by itself</Term>}
      description="A new model answers only if it is better on the same examples, and only as far as it is certified."
    >
      <TaskForm form={form} problem={problem} readOnly={readOnly}>
        <Switch
          label="Train when enough new answers have come"
          checked={values.mode === 'auto'}
          onChange={(event) => set({ mode: event.currentTarget.checked ? 'auto' : 'off' })}
        />
        <div className={classes.row}>
          <NumberInput
            label="New answers, at least"
            description="Since the last run"
            value={Number.isFinite(values.min_new_labels) ? values.min_new_labels : ''}
            onChange={(value) => set({ min_new_labels: value === '' ? Number.NaN : Number(value) })}
            disabled={values.mode === 'off'}
            min={1}
            clampBehavior="none"
          />
          <PercentField
            label="And at least"
            description="Of what the model has learnt from"
            value={values.min_new_share}
            onChange={(share) => set({ min_new_share: share })}
          />
          <NumberInput
            label="Hours between two runs"
            description="At least"
            value={values.min_hours_between}
            onChange={(value) => set({ min_hours_between: Number(value) })}
            disabled={values.mode === 'off'}
            min={0}
            clampBehavior="none"
          />
        </div>
      </TaskForm>
    </Panel>
  );
}

function CertificationSection({ slug, readOnly }: SectionProps) {
  const form = useTaskForm(
    slug,
    ({ certification, automation }) => ({ certification, automation }),
    ({ certification, automation }) => ({ certification, automation }),
  );
  if (form.values === undefined) return null;
  const { certification, automation } = form.values;
  const days = certification.window_days;
  const problem =
    days === undefined || (Number.isInteger(days) && days >= 1 && days <= 36_500)
      ? automation.mode !== 'uncertified' || (automation.min_confidence >= 0 && automation.min_confidence <= 1)
        ? null
        : 'A confidence is between 0 and 100 %.'
      : 'Labels may be 1 to 36,500 days old; empty = any age.';
  return (
    <Panel title="Proof" description="What the certificate may rest on, and whether it is asked at all.">
      <TaskForm form={form} problem={problem} readOnly={readOnly}>
        <Radio.Group
          label="Imported examples"
          value={certification.imports}
          onChange={(value) =>
            form.change({
              ...form.values!,
              certification: { ...certification, imports: value as typeof certification.imports },
            })
          }
        >
          <Stack gap={8} mt={6}>
            <Radio
              value="random_sample"
              label="They are a fair sample of what will come in. They may prove something; the certificate says that it assumes this."
            />
            <Radio value="excluded" label="They were picked. The model learns from them, but they prove nothing." />
          </Stack>
        </Radio.Group>
        <NumberInput
          label="Labels may be this many days old"
          description="Older ones prove nothing any more; empty = any age"
          value={days ?? ''}
          onChange={(value) => {
            const { window_days: _, ...rest } = certification;
            form.change({
              ...form.values!,
              certification: value === '' ? rest : { ...rest, window_days: Number(value) },
            });
          }}
          min={1}
          maw={260}
          clampBehavior="none"
        />
        <div className={classes.row}>
          <Select
            label="When does the model answer alone?"
            value={automation.mode}
            onChange={(mode) => {
              if (mode === null) return;
              const next =
                mode === 'uncertified'
                  ? ({ mode, min_confidence: 0.95 } as const)
                  : ({ mode: mode as 'certified' | 'off' } as const);
              form.change({ ...form.values!, automation: next });
            }}
            data={[
              { value: 'certified', label: 'As far as it is certified' },
              { value: 'off', label: 'Never: people decide everything' },
              { value: 'uncertified', label: 'From a fixed confidence on, without proof' },
            ]}
          />
          {automation.mode === 'uncertified' ? (
            <PercentField
              label="From this confidence on"
              description=" "
              value={automation.min_confidence}
              onChange={(share) =>
                form.change({ ...form.values!, automation: { mode: 'uncertified', min_confidence: share } })
              }
            />
          ) : (
            <span />
          )}
        </div>
        {automation.mode === 'uncertified' && (
          <p className={classes.hint} style={{ color: 'var(--warn)' }}>
            Nothing is promised about the error of such answers, whatever the budget says.
          </p>
        )}
      </TaskForm>
    </Panel>
  );
}
