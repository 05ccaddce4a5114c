import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query';
import { type Session, Unauthenticated } from '@understudy/client';
import { createContext, useCallback, useContext } from 'react';
import { client } from '../api/client.ts';

/** Who is signed in here, or null. The session itself is in a cookie that no script can read. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await client.session.get({ signal });
      } catch (error) {
        if (error instanceof Unauthenticated) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  });

/** The session of a page inside the shell, where there always is one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('used outside of the shell');
  return session;
}

/** Given by the gate: a page that is about to go away with the session still sees the one that it was drawn for. */
export const SessionContext = createContext<Session | null>(null);

/**
 * What the signed-in person may do. It only decides what is shown: the server checks every request by itself.
 *
 * @example
 * const may = useScopes();
 * {may('models:write') && <Button>Promote</Button>}
 */
export function useScopes(): (scope: string) => boolean {
  const { scopes } = useSession();
  return useCallback((scope: string) => scopes.includes(scope), [scopes]);
}

/** Takes the browser into another workspace; given by the gate, which clears the screen for as long as that takes. */
export type ChangeSession = (enter: () => Promise<Session>) => Promise<void>;
export const ChangeSessionContext = createContext<ChangeSession | null>(null);

export function useChangeSession(): ChangeSession {
  const change = useContext(ChangeSessionContext);
  if (change === null) throw new Error('used outside of the shell');
  return change;
}

/**
 * Makes this the session. What was asked before and is answered after must not count: “nobody is signed in” would sign
 * out whoever has just come in. The gate forgets what was loaded under another session.
 */
export async function enterAs(cache: QueryClient, session: Session | null): Promise<void> {
  const { queryKey } = sessionQuery();
  await cache.cancelQueries({ queryKey });
  cache.setQueryData(queryKey, session);
}

/** Forgets everything that was loaded, except who is signed in. */
export function forgetLoaded(cache: QueryClient): void {
  cache.removeQueries({ predicate: ({ queryKey }) => !(queryKey.length === 1 && queryKey[0] === 'session') });
}

/** Signs out, here and on the server; the gate forgets everything that was loaded. */
export function useSignOut(): () => Promise<void> {
  const cache = useQueryClient();
  return useCallback(async () => {
    await client.session.end().catch((error: unknown) => {
      if (!(error instanceof Unauthenticated)) throw error;
    });
    await enterAs(cache, null);
  }, [cache]);
}
