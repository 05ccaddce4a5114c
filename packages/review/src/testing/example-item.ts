import { newId } from '@understudy/kernel';
import { itemIdOf, type NewItem } from '../item.ts';
import { dueAt } from '../label-value.ts';

const AT = Date.UTC(2026, 3, 1, 9);

/** An ordinary item; `over` says what is special about it. */
export function exampleItem(over: Partial<NewItem> = {}): NewItem {
  const createdAt = over.createdAt ?? AT;
  const decision = over.decision ?? newId('dec', createdAt);
  const value = over.value ?? 0.5;
  return {
    id: itemIdOf(decision),
    decision,
    taskId: 'task_1',
    task: 'comments',
    taskRevision: 1,
    kind: 'review',
    reason: 'below_threshold',
    probability: over.kind === 'appeal' ? null : 1,
    value,
    dueAt: dueAt(createdAt, value, over.kind === 'appeal'),
    createdAt,
    input: { text: 'buy now' },
    modelLabel: 'spam',
    modelConfidence: 0.6,
    hideLot: 0.5,
    secondLot: 0.5,
    goldLot: 0.5,
    gold: null,
    ...over,
  };
}
