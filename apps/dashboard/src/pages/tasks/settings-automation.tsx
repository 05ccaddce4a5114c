import { NumberInput, Radio, Select, Stack, Switch } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { PercentField } from './percent-field.tsx';
import type { SectionProps } from './settings-section.ts';
import classes from './task-form.module.css';
import { TaskForm, useTaskForm } from './task-form.tsx';

/** When a model is trained without anybody asking. */
export function RetrainingSection({ slug, readOnly }: SectionProps) {
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

/** What a certificate rests on, and what answers alone. */
export function CertificationSection({ slug, readOnly }: SectionProps) {
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
