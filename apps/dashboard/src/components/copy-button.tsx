import { ActionIcon, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { IconCheck, IconCopy } from '../theme/icons.ts';

/** Copies a text; says so in place. */
export function CopyButton({ value, what }: { value: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const words = copied ? 'Copied' : `Copy ${what}`;
  return (
    <Tooltip label={words}>
      <ActionIcon
        size="sm"
        aria-label={words}
        onClick={() => {
          navigator.clipboard.writeText(value).then(
            () => {
              setCopied(true);
              setTimeout(() => setCopied(false), 1500);
            },
            () => setCopied(false),
          );
        }}
      >
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
