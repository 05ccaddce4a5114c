import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data-table.module.css';

interface DataTableProps {
  /** Says what the table holds, for screen readers. */
  caption: string;
  columns: readonly Column[];
  /** `<Table.Tr>` rows. */
  children: ReactNode;
  minWidth?: number;
}

export interface Column {
  head: ReactNode;
  /** A head without words, e.g. of a column of buttons; read aloud only. */
  hidden?: boolean;
  align?: 'left' | 'right';
  width?: number | string;
}

/** A table that scrolls sideways inside its panel where it does not fit, with the keyboard too. */
export function DataTable({ caption, columns, children, minWidth = 560 }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard (axe scrollable-region-focusable)
    <div role="group" className={classes.scroll} aria-label={caption} tabIndex={0}>
      <Table className={classes.table} miw={minWidth}>
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ head, hidden, align, width }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
              <Table.Th key={index} scope="col" ta={align} w={width}>
                {hidden === true ? <span className="visually-hidden">{head}</span> : head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}
