import { checked, choiceParam, textParam } from '../../search-params.ts';

export const valuePeriods = ['24h', '7d', '30d', '90d', '1y', 'all'] as const;
export type ValuePeriod = (typeof valuePeriods)[number];

export interface ValueSearch {
  /** Absent = the last 30 days. */
  period?: ValuePeriod;
  /** Absent = all tasks. */
  task?: string;
}

export const parseValueSearch = (raw: Record<string, unknown>): ValueSearch =>
  checked({ period: choiceParam(raw.period, valuePeriods), task: textParam(raw.task, 63) });
