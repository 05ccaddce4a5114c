import { Table, UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { exactTime, shortTime } from '../../formatting/time.ts';
import { DataTable } from '../data-table.tsx';
import { LoadingBlock } from '../states.tsx';
import { useNow } from '../time.tsx';
import classes from './chart.module.css';
import { type ChartData, describeSeries } from './series.ts';

const Canvas = lazy(() => import('./canvas.tsx').then(({ ChartCanvas }) => ({ default: ChartCanvas })));

export interface ChartProps extends ChartData {
  /** What is shown, e.g. `Automation rate by day`. */
  title: string;
  /** Writes a value, e.g. `percent`. */
  format(value: number): string;
  /** Writes a moment or number of the horizontal axis, when it is not a time. */
  formatX?(value: number): string;
  /** Pixels. */
  height?: number;
  /** Ends of the vertical axis; by the data where absent. */
  min?: number;
  max?: number;
}

/**
 * Lines over time, or over any number. Can be read without seeing it: a summary in words, the arrow keys move a cursor
 * whose values are said, and the same data stand as a table behind a button.
 */
export function Chart({ title, height = 220, format, formatX, ...data }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const id = useId();
  const now = useNow();
  const { x, series } = data;
  const writeX = formatX ?? ((value: number) => shortTime(value, { now }));
  const move = (step: number) => {
    if (x.length === 0) return;
    setAt((current) => Math.min(x.length - 1, Math.max(0, (current ?? (step > 0 ? -1 : x.length)) + step)));
  };
  const said =
    at === null || x[at] === undefined
      ? ''
      : `${writeX(x[at])}: ${series.map(({ name, values }) => `${name} ${values[at] == null ? '–' : format(values[at])}`).join(', ')}`;
  return (
    <figure className={classes.chart} aria-labelledby={id}>
      <div className={classes.head}>
        <ul className={classes.legend} aria-hidden="true">
          {series.map(({ name, values, dashed, color, low, high }, index) => (
            <li key={name}>
              <i
                data-dashed={dashed === true || undefined}
                style={{ '--series': `var(--chart-${color ?? (index % 5) + 1})` } as never}
              />
              {name}
              {at !== null && (
                <b className="figures">
                  {values[at] == null ? '–' : format(values[at])}
                  {low?.[at] != null && high?.[at] != null && ` (${format(low[at])} – ${format(high[at])})`}
                </b>
              )}
            </li>
          ))}
          {at !== null && x[at] !== undefined && <li className={classes.moment}>{writeX(x[at])}</li>}
        </ul>
        <UnstyledButton
          className={`${classes.toggle} no-print`}
          onClick={() => setAsTable(!asTable)}
          aria-pressed={asTable}
        >
          {asTable ? 'As a chart' : 'As a table'}
        </UnstyledButton>
      </div>
      <figcaption id={id} className="visually-hidden">
        {title}. {describeSeries(data, format)}
      </figcaption>
      {asTable ? (
        <div className={classes.table} style={{ maxHeight: Math.max(height, 200) }}>
          <DataTable
            caption={title}
            minWidth={280}
            columns={[
              { head: formatX === undefined ? 'When' : 'At' },
              ...series.map(({ name }) => ({ head: name, align: 'right' as const })),
            ]}
          >
            {x.map((moment, index) => (
              <Table.Tr key={moment}>
                <Table.Td>{formatX === undefined ? exactTime(moment) : formatX(moment)}</Table.Td>
                {series.map(({ name, values, low, high }) => (
                  <Table.Td key={name} ta="right" className="figures">
                    {values[index] == null ? '–' : format(values[index])}
                    {low?.[index] != null &&
                      high?.[index] != null &&
                      ` (${format(low[index])} – ${format(high[index])})`}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </DataTable>
        </div>
      ) : (
        <div
          role="slider"
          tabIndex={0}
          aria-label={`${title}, cursor`}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, x.length - 1)}
          aria-valuenow={at ?? 0}
          aria-valuetext={said === '' ? 'arrow keys read single values' : said}
          className={classes.canvas}
          style={{ height }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
              event.preventDefault();
              move(event.key === 'ArrowRight' ? 1 : -1);
            } else if (event.key === 'Home') setAt(0);
            else if (event.key === 'End') setAt(x.length - 1);
            else if (event.key === 'Escape') setAt(null);
          }}
          onBlur={() => setAt(null)}
        >
          <Suspense fallback={<LoadingBlock height={height} />}>
            <Canvas {...data} height={height} format={format} formatX={formatX} cursor={at} onCursor={setAt} />
          </Suspense>
        </div>
      )}
    </figure>
  );
}
