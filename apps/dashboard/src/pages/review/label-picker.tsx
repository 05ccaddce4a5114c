import { Kbd, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { type RefObject, useState } from 'react';
import { percent } from '../../formatting/numbers.ts';
import { IconSearch } from '../../theme/icons.ts';
import { keyOf, matchingLabels, placeOf } from './label-keys.ts';
import classes from './label-picker.module.css';

interface LabelPickerProps {
  labels: readonly string[];
  descriptions: ReadonlyMap<string, string>;
  suggestion: { label: string; confidence: number } | undefined;
  filter: RefObject<HTMLInputElement | null>;
  onPick(label: string): void;
}

/** So many labels are seen at a glance; beyond that one types. */
const AT_A_GLANCE = 10;

/**
 * The answers, in the task’s order, so that a hand learns them. Names only, so that all of them are seen without
 * scrolling: what each means stands in its tooltip and under the item.
 */
export function LabelPicker({ labels, descriptions, suggestion, filter, onPick }: LabelPickerProps) {
  const [typed, setTyped] = useState('');
  const many = labels.length > AT_A_GLANCE;
  const shown = many ? matchingLabels(labels, typed) : labels;
  return (
    <div>
      {many && (
        <TextInput
          ref={filter}
          className={classes.filter ?? ''}
          aria-label="Find a label"
          placeholder={`Find one of ${labels.length} labels`}
          leftSection={<IconSearch size={15} />}
          rightSection={<Kbd size="xs">/</Kbd>}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            const place = event.key === 'Enter' ? 0 : placeOf(event.key);
            const label = event.ctrlKey || event.metaKey || event.altKey ? undefined : shown[place];
            if (event.key === 'Escape') event.currentTarget.blur();
            if (label === undefined || (event.key === 'Enter' && typed === '')) return;
            event.preventDefault();
            event.stopPropagation();
            setTyped('');
            onPick(label);
          }}
        />
      )}
      <ul className={classes.labels} data-many={many || undefined} aria-label="Answers">
        {shown.map((label, place) => (
          <li key={label}>
            <Tooltip
              label={descriptions.get(label)}
              disabled={descriptions.get(label) === undefined}
              position="left"
              multiline
              maw={300}
              openDelay={350}
              events={{ hover: true, focus: true, touch: false }}
            >
              <UnstyledButton
                className={classes.label}
                onClick={() => onPick(label)}
                data-suggested={suggestion?.label === label || undefined}
              >
                {keyOf(place) !== undefined && <Kbd className={classes.key ?? ''}>{keyOf(place)}</Kbd>}
                <span className={classes.name}>{label}</span>
                {suggestion?.label === label && (
                  <span className={`${classes.suggestion} figures`}>
                    <span className="visually-hidden">suggested by the model, </span>
                    {percent(suggestion.confidence, 0)}
                  </span>
                )}
              </UnstyledButton>
            </Tooltip>
          </li>
        ))}
        {shown.length === 0 && <li className={classes.none}>No label is called that.</li>}
      </ul>
    </div>
  );
}
