import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core';
import type { TaskDefinition } from '@understudy/client';
import { IconPlus, IconTrash } from '../../theme/icons.ts';
import classes from './task-form.module.css';

export type Labels = TaskDefinition['labels'];

/** Why these labels cannot be saved; null = they can. */
export function labelProblem(labels: Labels): string | null {
  const names = labels.map(({ name }) => name.trim().normalize('NFC'));
  if (names.filter((name) => name !== '').length < 2) return 'A decision needs at least two possible answers.';
  if (names.includes('')) return 'An answer has no name: give it one or remove it.';
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `“${twice}” stands there twice.`;
}

export const cleanLabels = (labels: Labels): Labels =>
  labels.map(({ name, description }) => ({
    name: name.trim(),
    ...(description === undefined || description.trim() === '' ? {} : { description: description.trim() }),
  }));

/** The answers that a decision can have, each with a line for the people who review. */
export function LabelFields({ labels, onChange }: { labels: Labels; onChange(labels: Labels): void }) {
  const set = (index: number, change: Partial<Labels[number]>) =>
    onChange(labels.map((label, at) => (at === index ? { ...label, ...change } : label)));
  return (
    <div className={classes.labels}>
      {labels.map((label, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may be empty or the same while they are written
        <div key={index} className={classes.label}>
          <TextInput
            aria-label={`Answer ${index + 1}`}
            placeholder={index === 0 ? 'e.g. spam' : 'e.g. ok'}
            value={label.name}
            maxLength={200}
            onChange={(event) => set(index, { name: event.currentTarget.value })}
          />
          <Textarea
            aria-label={`When is it answer ${index + 1}?`}
            placeholder="When is this the right answer? (for reviewers, optional)"
            value={label.description ?? ''}
            maxLength={4000}
            autosize
            minRows={1}
            maxRows={5}
            onChange={(event) => set(index, { description: event.currentTarget.value })}
          />
          <ActionIcon
            size="lg"
            aria-label={`Remove answer ${index + 1}${label.name === '' ? '' : `, ${label.name}`}`}
            disabled={labels.length <= 1}
            onClick={() => onChange(labels.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={labels.length >= 1000}
          onClick={() => onChange([...labels, { name: '' }])}
        >
          Add an answer
        </Button>
      </div>
    </div>
  );
}
