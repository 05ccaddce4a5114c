import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type GlossaryTerm, glossary } from './glossary.ts';
import classes from './term.module.css';

/** A word of the trade with its meaning on hover, focus and touch. */
export function Term({ name, children }: { name: GlossaryTerm; children?: ReactNode }) {
  return (
    <Tooltip label={glossary[name]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it, keyboards could not reach the explanation */}
      <span className={classes.term} tabIndex={0}>
        {children ?? name}
      </span>
    </Tooltip>
  );
}
