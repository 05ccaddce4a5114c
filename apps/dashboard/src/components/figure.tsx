import type { ReactNode } from 'react';
import classes from './figure.module.css';
import type { Tone } from './status.tsx';

interface FigureProps {
  /** May hold a {@link Term}. */
  name: ReactNode;
  /** Written by src/formatting. */
  value: string;
  /** The interval, the budget, what it is compared with. */
  detail?: ReactNode;
  tone?: Tone;
  children?: ReactNode;
}

/** One figure with its name above and its evidence below. */
export function Figure({ name, value, detail, tone, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value} data-tone={tone}>
        <span className="figures">{value}</span>
        {detail !== undefined && <span className={classes.detail}>{detail}</span>}
        {children}
      </dd>
    </div>
  );
}

/** Figures side by side, as many as fit. */
export function Figures({ children, minWidth = 170 }: { children: ReactNode; minWidth?: number }) {
  return (
    <dl className={classes.figures} style={{ gridTemplateColumns: `repeat(auto-fit, minmax(${minWidth}px, 1fr))` }}>
      {children}
    </dl>
  );
}
