import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names and values in two columns; rows without a value are left out. */
export function Facts({ rows }: { rows: readonly (readonly [ReactNode, ReactNode] | null)[] }) {
  return (
    <dl className={classes.facts}>
      {rows
        .filter((row) => row !== null)
        .map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
          <div key={index} className={classes.row}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
