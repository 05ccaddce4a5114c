import { SegmentedControl } from '@mantine/core';
import { type OverviewPeriod, type Period, periodFacts, periods } from './period.ts';

interface PeriodPickerProps<P extends OverviewPeriod> {
  period: P;
  onPick(period: P): void;
  choices: readonly P[];
}

/** Which stretch of time the figures are of: days and more, unless shorter choices are given too. */
export function PeriodPicker(props: PeriodPickerProps<OverviewPeriod> | Omit<PeriodPickerProps<Period>, 'choices'>) {
  const { period, onPick, choices = periods } = props as PeriodPickerProps<OverviewPeriod>;
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      style={{ maxWidth: '100%', overflowX: 'auto' }}
      value={period}
      onChange={(value) => onPick(value as OverviewPeriod)}
      data={choices.map((value) => ({ value, label: periodFacts[value].short }))}
    />
  );
}
