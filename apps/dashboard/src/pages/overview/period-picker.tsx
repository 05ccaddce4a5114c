import { SegmentedControl } from '@mantine/core';
import { type Period, periodFacts, periods } from './period.ts';

/** Which stretch of time the figures are of. */
export function PeriodPicker({ period, onPick }: { period: Period; onPick(period: Period): void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      value={period}
      onChange={(value) => onPick(value as Period)}
      data={periods.map((value) => ({ value, label: periodFacts[value].short }))}
    />
  );
}
