import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Unauthenticated, UnderstudyError } from '@understudy/client';

type Listener = () => void;
const onSignedOut = new Set<Listener>();

/** Told when an answer says that the session has ended. */
export function whenSignedOut(listener: Listener): () => void {
  onSignedOut.add(listener);
  return () => onSignedOut.delete(listener);
}

function notice(error: unknown): void {
  if (error instanceof Unauthenticated) for (const listener of onSignedOut) listener();
}

/** One cache for all pages. The client repeats what may be repeated; repeating here too would multiply that. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 5_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      throwOnError: false,
    },
    mutations: { retry: false },
  },
});

/**
 * How often a page that is looked at asks again, in milliseconds: `live` for figures that move while one watches,
 * `slow` for what changes by the minute. Hidden tabs do not ask. After a failure the pace is four times slower.
 */
export const refresh = {
  live: pace(2_000),
  steady: pace(10_000),
  slow: pace(60_000),
} as const;

function pace(milliseconds: number) {
  return (query: { state: { error: unknown } }): number | false => {
    const { error } = query.state;
    if (error === null) return milliseconds;
    if (error instanceof UnderstudyError && error.status >= 400 && error.status < 500 && error.status !== 429)
      return false;
    return milliseconds * 4;
  };
}
