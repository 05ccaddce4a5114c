import type { ReactNode } from 'react';
import classes from './status.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

/** A word in a tinted pill. The tone supports the word and never replaces it (WCAG 1.4.1). */
export function Status({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.status} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}

/** A label’s name as it came, in a box of its own; long names are cut, the full one is the title. */
export function LabelName({ name, muted }: { name: string; muted?: boolean }) {
  return (
    <span
      className={classes.label}
      data-muted={muted === true || undefined}
      title={name.length > 28 ? name : undefined}
    >
      {name}
    </span>
  );
}
