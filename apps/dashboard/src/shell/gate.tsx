import { Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { whenSignedOut } from '../api/query-client.ts';
import { Failure } from '../components/states.tsx';
import {
  type ChangeSession,
  ChangeSessionContext,
  enterAs,
  forgetLoaded,
  SessionContext,
  sessionQuery,
} from '../session/session.ts';
import classes from './gate.module.css';
import { Shell } from './shell.tsx';

/**
 * Lets in whoever is signed in; sends everybody else to the sign-in page, which brings them back to where they were.
 * Pages are shown for one session only: before those of another come, also of one that another tab has entered, the
 * screen is cleared and what was loaded is forgotten. Otherwise one workspace’s pages would ask the other for what
 * exists only in the first.
 */
export function Gate() {
  const cache = useQueryClient();
  const router = useRouter();
  const { data: session, error, isFetching, refetch } = useQuery(sessionQuery());
  /** The session that pages are shown for. */
  const [shown, setShown] = useState<string | null>(null);
  const [changing, setChanging] = useState(false);
  useEffect(() => whenSignedOut(() => void enterAs(cache, null)), [cache]);
  const id = session?.id;
  useEffect(() => {
    if (id === undefined || id === shown) return;
    forgetLoaded(cache);
    if (shown !== null) void router.navigate({ to: '/' });
    setShown(id);
  }, [id, shown, cache, router]);
  const change: ChangeSession = useCallback(
    async (enter) => {
      // The pages leave before the cookie changes: what they ask from then on is asked of the other workspace.
      flushSync(() => setChanging(true));
      try {
        await enterAs(cache, await enter());
      } finally {
        setChanging(false);
      }
    },
    [cache],
  );
  const out = session === null;
  useEffect(() => {
    if (!out) return;
    forgetLoaded(cache);
    // Read now and not as it changes: on the way to the sign-in page this component still stands.
    const { href, pathname } = router.state.location;
    if (pathname === '/sign-in') return;
    void router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true });
  }, [out, cache, router]);
  if (session !== undefined && session !== null && session.id === shown && !changing) {
    return (
      <SessionContext value={session}>
        <ChangeSessionContext value={change}>
          <Shell />
        </ChangeSessionContext>
      </SessionContext>
    );
  }
  if (error !== null && session === undefined) {
    return (
      <main className={classes.center}>
        <Failure error={error} onRetry={() => void refetch()} retrying={isFetching} />
      </main>
    );
  }
  return (
    <main className={classes.center} aria-busy="true">
      <Loader size="sm" aria-label="Loading" />
    </main>
  );
}
