import type { ReplayResult } from '@understudy/client';

interface Side {
  /** Undefined = the same on both sides, and therefore not told. */
  outcome?: 'automated' | 'review';
  label?: string | null;
}

export interface DifferingItem {
  decision: string;
  recorded: Side;
  replayed: Side;
}

/** A replay names each field that differs by itself; here they are put together, item by item, in its order. */
export function itemsOf(differences: ReplayResult['compared']['differences']): DifferingItem[] {
  const items = new Map<string, DifferingItem>();
  for (const { decision, field, recorded, replayed } of differences) {
    const item = items.get(decision) ?? { decision, recorded: {}, replayed: {} };
    if (field === 'outcome') {
      item.recorded.outcome = outcomeOf(recorded);
      item.replayed.outcome = outcomeOf(replayed);
    }
    if (field === 'label') {
      item.recorded.label = typeof recorded === 'string' ? recorded : null;
      item.replayed.label = typeof replayed === 'string' ? replayed : null;
    }
    items.set(decision, item);
  }
  return [...items.values()];
}

const outcomeOf = (value: unknown) => (value === 'automated' ? 'automated' : 'review');
