import type { ValueReport } from '@understudy/client';

export interface CostPart {
  name: string;
  /** 1…5, as the charts’ colours. */
  color: 1 | 2 | 3 | 4 | 5;
  amount: string;
  /** What it is made of. */
  says: string;
}

type Figures = Pick<ValueReport, 'cost'>;

const parts: readonly {
  key: 'reviewer' | 'audit' | 'model' | 'api' | 'infrastructure' | 'errors';
  name: string;
  color: CostPart['color'];
  says: string;
}[] = [
  { key: 'reviewer', name: 'People, on what was left to them', color: 1, says: 'measured minutes × cost an hour' },
  { key: 'audit', name: 'People, on audits', color: 2, says: 'to measure the true error' },
  { key: 'errors', name: 'Wrong answers', color: 5, says: 'automated × error rate × cost of an error' },
  { key: 'infrastructure', name: 'Infrastructure', color: 4, says: 'as stated in the task’s economics' },
  { key: 'model', name: 'Own models', color: 3, says: 'computing time of each answer' },
  { key: 'api', name: 'Hosted models', color: 3, says: 'as each answer recorded it' },
];

/** What the money went into, in a fixed order. What cost nothing and could have been left out stays: zero is a figure. */
export function costParts({ cost }: Figures): CostPart[] {
  return parts.flatMap(({ key, ...part }) => {
    const amount = cost[key];
    return amount === null || (key === 'api' && Number(amount) === 0) ? [] : [{ ...part, amount }];
  });
}
