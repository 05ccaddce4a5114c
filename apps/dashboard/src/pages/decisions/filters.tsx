import { Button, Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tasksQuery } from '../../api/resources.ts';
import { TypedInput } from '../../components/typed-input.tsx';
import { givenCount } from '../../search-params.ts';
import { IconFilter, IconSearch, IconX } from '../../theme/icons.ts';
import type { DecisionsSearch } from './decisions-search.ts';
import classes from './filters.module.css';

interface FiltersProps {
  search: DecisionsSearch;
  onChange(change: Partial<DecisionsSearch>): void;
  onClear(): void;
  /** A decision’s own id was typed. */
  onOpen(id: string): void;
}

/** What the list is narrowed down to. All of it stands in the address. */
export function Filters({ search, onChange, onClear, onOpen }: FiltersProps) {
  const tasks = useQuery(tasksQuery());
  const rare = ['label', 'model_version', 'subject', 'from', 'to'] as const;
  const [more, setMore] = useState(() => rare.some((name) => search[name] !== undefined));
  const labels = (tasks.data ?? [])
    .filter(({ task }) => search.task === undefined || task === search.task)
    .flatMap((task) => task.labels);
  const active = givenCount(search);
  return (
    <search className={classes.filters}>
      <Group gap={8} align="flex-end">
        <TypedInput
          className={classes.search ?? ''}
          aria-label="Decision id or external id"
          placeholder="Decision id or external id"
          leftSection={<IconSearch size={15} />}
          value={search.external_id}
          onSettle={(value) => (value?.startsWith('dec_') === true ? onOpen(value) : onChange({ external_id: value }))}
        />
        <Select
          aria-label="Task"
          placeholder="All tasks"
          clearable
          searchable
          data={(tasks.data ?? []).map(({ task, title }) => ({ value: task, label: title || task }))}
          value={search.task ?? null}
          onChange={(value) => onChange({ task: value ?? undefined, label: undefined })}
          w={190}
        />
        <Select
          aria-label="Outcome"
          placeholder="Any outcome"
          clearable
          data={[
            { value: 'automated', label: 'Automated' },
            { value: 'review', label: 'Went to people' },
          ]}
          value={search.outcome ?? null}
          onChange={(value) => onChange({ outcome: (value as 'automated' | 'review' | null) ?? undefined })}
          w={160}
        />
        <Button
          variant="default"
          leftSection={<IconFilter size={15} />}
          onClick={() => setMore(!more)}
          aria-expanded={more}
        >
          More
        </Button>
        {active > 0 && (
          <Button variant="subtle" leftSection={<IconX size={15} />} onClick={onClear}>
            Clear
          </Button>
        )}
      </Group>
      {more && (
        <Group gap={8} mt={8} align="flex-end">
          <Select
            label="Answer"
            placeholder="Any"
            clearable
            searchable
            data={[...new Set(labels.map(({ name }) => name))]}
            value={search.label ?? null}
            onChange={(value) => onChange({ label: value ?? undefined })}
            w={170}
          />
          <TypedInput
            label="Model version"
            placeholder="Any"
            value={search.model_version}
            onSettle={(value) => onChange({ model_version: value })}
            w={120}
          />
          <TypedInput
            label="Subject"
            placeholder="Whom it is about"
            value={search.subject}
            onSettle={(value) => onChange({ subject: value })}
            w={190}
          />
          <TextInput
            type="date"
            label="From"
            value={search.from ?? ''}
            onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
            w={150}
          />
          <TextInput
            type="date"
            label="To"
            value={search.to ?? ''}
            onChange={(event) => onChange({ to: event.currentTarget.value || undefined })}
            w={150}
          />
        </Group>
      )}
    </search>
  );
}
