import type { ReactNode } from 'react';
import classes from './columns.module.css';

/** What a page is about at the left, its facts at the right; one below the other where it is narrow. */
export function Columns({ main, side }: { main: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.stack}>{main}</div>
      <div className={classes.stack}>{side}</div>
    </div>
  );
}

/** Panels one below the other. */
export function Stacked({ children }: { children: ReactNode }) {
  return <div className={classes.stack}>{children}</div>;
}
