import { Button, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { count, percent } from '../../formatting/numbers.ts';
import classes from './data.module.css';

interface DistributionProps {
  rows: readonly { name: string; count: number }[];
  /** The one that the list beside is narrowed down to. */
  chosen?: string | undefined;
  onChoose?(name: string | undefined): void;
}

const SHOWN = 20;

/** How many there are of each, as bars; choosing one narrows the list beside. */
export function Distribution({ rows, chosen, onChoose }: DistributionProps) {
  const [all, setAll] = useState(false);
  const sorted = [...rows].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  const most = sorted[0]?.count ?? 0;
  const total = sorted.reduce((sum, row) => sum + row.count, 0);
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  return (
    <>
      <ul className={classes.distribution}>
        {shown.map((row) => {
          const content = (
            <>
              <span className={classes.name} title={row.name}>
                {row.name}
              </span>
              <span className={`${classes.number} figures`}>
                {count(row.count)} <span className={classes.share}>{percent(total === 0 ? 0 : row.count / total)}</span>
              </span>
              <span className={classes.track} aria-hidden="true">
                <i style={{ width: `${most === 0 ? 0 : (100 * row.count) / most}%` }} />
              </span>
            </>
          );
          return (
            <li key={row.name}>
              {onChoose === undefined ? (
                <div className={classes.entry}>{content}</div>
              ) : (
                <UnstyledButton
                  className={classes.entry}
                  data-chosen={row.name === chosen || undefined}
                  aria-pressed={row.name === chosen}
                  onClick={() => onChoose(row.name === chosen ? undefined : row.name)}
                >
                  {content}
                </UnstyledButton>
              )}
            </li>
          );
        })}
      </ul>
      {sorted.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" mt={6} onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `All ${count(sorted.length)}`}
        </Button>
      )}
    </>
  );
}
