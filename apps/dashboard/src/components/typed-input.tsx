import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ComponentProps, useEffect, useState } from 'react';

type TypedInputProps = Omit<ComponentProps<typeof TextInput>, 'value' | 'onChange'> & {
  value: string | undefined;
  /** When the typing pauses. */
  onSettle(value: string | undefined): void;
};

/** A text field that follows the address, and changes it when the typing pauses. */
export function TypedInput({ value, onSettle, ...props }: TypedInputProps) {
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  const settle = useDebouncedCallback((text: string) => onSettle(text.trim() === '' ? undefined : text.trim()), 350);
  return (
    <TextInput
      {...props}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}
