import { NumberInput } from '@mantine/core';
import { percentageOf, shareOf } from './budget.ts';

interface PercentFieldProps {
  label: string;
  description: string;
  value: number | undefined;
  onChange(share: number): void;
}

/** A share of 0…1, typed as a percentage; empty or not a number is NaN. */
export function PercentField({ label, description, value, onChange }: PercentFieldProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      suffix=" %"
      value={value === undefined || !Number.isFinite(value) ? '' : percentageOf(value)}
      onChange={(next) => onChange(next === '' ? Number.NaN : shareOf(Number(next)))}
      min={0}
      max={100}
      step={1}
      decimalScale={3}
      clampBehavior="none"
    />
  );
}

export const isShare = (value: number | undefined) => value === undefined || (value >= 0 && value <= 1);
