import { Button } from '@mantine/core';
import type { ValueReport } from '@understudy/client';
import { IconDownload, IconPrinter } from '../../theme/icons.ts';
import { fileName, linkTo, reportWindow } from './value-window.ts';

/** The report to print and as a table, of the hours that are shown. */
export function ReportButtons({ report }: { report: ValueReport }) {
  const window = reportWindow(report);
  return (
    <>
      <Button
        component="a"
        variant="default"
        href={linkTo('/v1/value', { ...window, format: 'csv' })}
        download={fileName(report, 'csv')}
        leftSection={<IconDownload size={15} />}
      >
        CSV
      </Button>
      <Button
        component="a"
        href={linkTo('/v1/value/report', window)}
        target="_blank"
        rel="noopener"
        leftSection={<IconPrinter size={15} />}
      >
        Page to print
      </Button>
    </>
  );
}
