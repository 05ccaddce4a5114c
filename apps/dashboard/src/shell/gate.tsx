import { Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { whenSignedOut } from '../api/query-client.ts';
import { Failure } from '../components/states.tsx';
import { SessionContext, sessionQuery } from '../session/session.ts';
import classes from './gate.module.css';
import { Shell } from './shell.tsx';

/** Lets in whoever is signed in; sends everybody else to the sign-in page, which brings them back to where they were. */
export function Gate() {
  const cache = useQueryClient();
  const router = useRouter();
  const { data: session, error, isFetching, refetch } = useQuery(sessionQuery());
  useEffect(() => whenSignedOut(() => cache.setQueryData(sessionQuery().queryKey, null)), [cache]);
  const out = session === null;
  useEffect(() => {
    if (!out) return;
    cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    // Read now and not as it changes: on the way to the sign-in page this component still stands.
    const { href, pathname } = router.state.location;
    if (pathname === '/sign-in') return;
    void router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true });
  }, [out, cache, router]);
  if (session !== undefined && session !== null) {
    return (
      <SessionContext value={session}>
        <Shell />
      </SessionContext>
    );
  }
  if (error !== null) {
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
