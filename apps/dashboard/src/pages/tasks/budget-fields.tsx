import { NumberInput } from '@mantine/core';
import { percentageOf, shareOf } from './budget.ts';
import classes from './task-form.module.css';

export interface Budget {
  max_error: number;
  confidence: number;
}

/** Both halves of the promise as percentages. */
export function BudgetFields({ budget, onChange }: { budget: Budget; onChange(budget: Budget): void }) {
  return (
    <div className={classes.row}>
      <NumberInput
        label="May be wrong"
        description="Of the answers that are given without a person"
        suffix=" %"
        value={Number.isFinite(budget.max_error) ? percentageOf(budget.max_error) : ''}
        onChange={(value) => onChange({ ...budget, max_error: numberOf(value) })}
        min={0}
        max={100}
        step={0.5}
        decimalScale={3}
        clampBehavior="none"
      />
      <NumberInput
        label="How sure"
        description="Certainty of the promise itself"
        suffix=" %"
        value={Number.isFinite(budget.confidence) ? percentageOf(budget.confidence) : ''}
        onChange={(value) => onChange({ ...budget, confidence: numberOf(value) })}
        min={50}
        max={100}
        step={1}
        decimalScale={3}
        clampBehavior="none"
      />
    </div>
  );
}

const numberOf = (value: number | string): number =>
  typeof value === 'number' ? shareOf(value) : value.trim() === '' ? Number.NaN : shareOf(Number(value));
