import { useQueryClient } from '@tanstack/react-query';
import type { DeadLetterReplay, DeadLetterReplayRequest } from '@understudy/client';
import { useCallback } from 'react';
import { client } from '../../api/client.ts';
import { notifyDone } from '../../components/notify.ts';
import { plural } from '../../formatting/numbers.ts';

/** How many calls a replay of everything may take: each sends thousands. */
const MOST_CALLS = 200;

/** Sends letters on their way again and says what came of it; all that match, in as many calls as that takes. */
export function useReplay(): (request: DeadLetterReplayRequest) => Promise<DeadLetterReplay> {
  const cache = useQueryClient();
  return useCallback(
    async (request) => {
      const total: DeadLetterReplay = { replayed: 0, refused: [], more: false };
      try {
        for (let call = 0; call < MOST_CALLS; call++) {
          const { replayed, refused, more } = await client.deadLetters.replay(request);
          total.replayed += replayed;
          total.refused.push(...refused);
          total.more = more;
          // What is refused stays and matches again: without progress there is no end.
          if (!more || replayed === 0) break;
        }
      } finally {
        for (const key of ['dead-letters', 'jobs']) void cache.invalidateQueries({ queryKey: [key] });
      }
      notifyDone(summaryOf(total));
      return total;
    },
    [cache],
  );
}

/** `3 letters were sent again, 1 stays: the job is gone.` */
export function summaryOf({ replayed, refused, more }: DeadLetterReplay): string {
  const sent = `${plural(replayed, 'letter')} ${replayed === 1 ? 'was' : 'were'} sent again`;
  const [first] = refused;
  const stay =
    first === undefined
      ? ''
      : `, ${refused.length} ${refused.length === 1 ? 'stays' : 'stay'}: ${first.detail.replace(/\.$/, '')}`;
  return `${sent}${stay}.${more ? ' More match: ask once more.' : ''}`;
}
