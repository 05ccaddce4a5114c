import { NumberInput, Select, TextInput } from '@mantine/core';
import type { Task } from '@understudy/client';
import classes from './task-form.module.css';

export type Economics = Task['economics'];

const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'CAD', 'AUD', 'JPY', 'INR', 'BRL'];
const MONEY = /^\d{1,12}(\.\d{1,9})?$/;

/** Why these prices cannot be saved; null = they can. */
export function economicsProblem(economics: Economics): string | null {
  if (!Number.isFinite(economics.minutes_per_item) || economics.minutes_per_item < 0) {
    return 'Say how many minutes a person needs for one item; parts of minutes are fine.';
  }
  if (economics.minutes_per_item > 10_000) return 'More than 10,000 minutes for one item cannot be stored.';
  const bad = (
    [
      ['an hour of work', economics.cost_per_hour],
      ['a wrong answer', economics.cost_of_error],
      ['servers a month', economics.infrastructure_per_month ?? '0'],
    ] as const
  ).find(([, amount]) => !MONEY.test(amount));
  if (bad === undefined) return null;
  return bad[1].startsWith('-')
    ? `The price of ${bad[0]} cannot be negative.`
    : `The price of ${bad[0]} has to be a number such as 24.00.`;
}

/** What work and mistakes cost. The savings that are reported rest on these, so they stand in the report. */
export function EconomicsFields({
  economics,
  onChange,
}: {
  economics: Economics;
  onChange(economics: Economics): void;
}) {
  const money = (name: 'cost_per_hour' | 'cost_of_error' | 'infrastructure_per_month', label: string, text: string) => (
    <TextInput
      label={label}
      description={text}
      inputMode="decimal"
      rightSection={<span className={classes.hint}>{economics.currency}</span>}
      rightSectionWidth={52}
      value={economics[name] ?? '0.00'}
      onChange={(event) => onChange({ ...economics, [name]: event.currentTarget.value.trim().replace(',', '.') })}
    />
  );
  return (
    <>
      <div className={classes.row}>
        <NumberInput
          label="Minutes a person needs for one item"
          description="Without Understudy, on average"
          value={Number.isFinite(economics.minutes_per_item) ? economics.minutes_per_item : ''}
          onChange={(value) => onChange({ ...economics, minutes_per_item: value === '' ? Number.NaN : Number(value) })}
          min={0}
          step={0.5}
          decimalScale={3}
          clampBehavior="none"
        />
        <Select
          label="Currency"
          description="Of all prices of this task"
          searchable
          value={economics.currency}
          onChange={(currency) => currency !== null && onChange({ ...economics, currency })}
          data={currencies.includes(economics.currency) ? currencies : [economics.currency, ...currencies]}
        />
      </div>
      <div className={classes.row}>
        {money('cost_per_hour', 'An hour of work costs', 'Wages with everything that comes on top')}
        {money('cost_of_error', 'A wrong answer costs', 'On average; 0 if it is only annoying')}
      </div>
      <div className={classes.row}>
        {money('infrastructure_per_month', 'Servers and services cost a month', 'This task’s share of them')}
        <span />
      </div>
    </>
  );
}
