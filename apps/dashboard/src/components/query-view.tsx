import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, LoadingRows } from './states.tsx';

interface QueryViewProps<T> {
  query: Pick<UseQueryResult<T, unknown>, 'data' | 'isFetching' | 'refetch'> & { error: unknown };
  /** As tall as the content to come. */
  loading?: ReactNode;
  /** Shown instead of the content where this is true of it. */
  isEmpty?(data: T): boolean;
  empty?: ReactNode;
  children(data: T): ReactNode;
}

/**
 * The states of everything that is loaded: loading, failing, empty, full. What was seen stays seen when a later refresh
 * fails; the shell’s notice tells that the connection is gone.
 */
export function QueryView<T>({ query, loading, isEmpty, empty, children }: QueryViewProps<T>) {
  const { data, error, isFetching, refetch } = query;
  if (data !== undefined) return isEmpty?.(data) === true ? empty : children(data);
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} retrying={isFetching} />;
  return loading ?? <LoadingRows />;
}
