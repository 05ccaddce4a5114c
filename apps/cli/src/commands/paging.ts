import type { List } from '@understudy/client';
import { type Command, InvalidArgumentError } from 'commander';

export const positive = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return number;
};

export function limitOption(command: Command, fallback = 50): Command {
  return command.option('-n, --limit <rows>', 'how many at most', positive, fallback);
}

/** Up to `limit` rows of a list, in the shape of a page: `next_cursor` is null when there are no more. */
export async function collectPages<T>(
  list: List<T>,
  limit: number,
): Promise<{ data: T[]; next_cursor: string | null }> {
  const data: T[] = [];
  for await (const page of list.pages()) {
    data.push(...page.data.slice(0, limit - data.length));
    if (data.length >= limit || page.next_cursor === null) return { data, next_cursor: page.next_cursor };
  }
  return { data, next_cursor: null };
}
