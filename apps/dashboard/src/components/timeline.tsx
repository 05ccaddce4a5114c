import type { ReactNode } from 'react';
import type { Tone } from './status.tsx';
import { Time } from './time.tsx';
import classes from './timeline.module.css';

export interface TimelineEntry {
  /** Absent: it is still ahead. */
  at?: string | null;
  title: ReactNode;
  detail?: ReactNode;
  tone?: Tone;
}

/** What happened, in order; last, what is still to come. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className={classes.timeline}>
      {entries.map(({ at, title, detail, tone }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what happened does not move
        <li key={index} className={classes.entry} data-tone={tone} data-ahead={at == null || undefined}>
          <span className={classes.dot} aria-hidden="true" />
          <div>
            <div className={classes.head}>
              <span className={classes.title}>{title}</span>
              {at != null && (
                <span className={classes.at}>
                  <Time at={at} as="exact" />
                </span>
              )}
            </div>
            {detail !== undefined && <div className={classes.detail}>{detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
