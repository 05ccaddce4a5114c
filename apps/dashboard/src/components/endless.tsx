import { Button } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import classes from './endless.module.css';
import { Failure, LoadingRows } from './states.tsx';

interface EndlessProps<P extends { next_cursor?: string | null }> {
  query: UseInfiniteQueryResult<InfiniteData<P>, unknown>;
  /** As tall as the rows to come. */
  loading?: ReactNode;
  isEmpty(pages: readonly P[]): boolean;
  empty: ReactNode;
  children(pages: readonly P[]): ReactNode;
}

/** A list that goes on as one scrolls: loading, failing, empty, full, and more of it. */
export function Endless<P extends { next_cursor?: string | null }>(props: EndlessProps<P>) {
  const { query, loading, isEmpty, empty, children } = props;
  const { data, error, hasNextPage, isFetching, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  const near = entry?.isIntersecting === true;
  useEffect(() => {
    if (near && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [near, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (data === undefined) {
    if (error === null) return loading ?? <LoadingRows rows={10} height={18} gap={19} />;
    return <Failure error={error} onRetry={() => void query.refetch()} retrying={isFetching} />;
  }
  return (
    <>
      {isEmpty(data.pages) && !hasNextPage ? empty : children(data.pages)}
      {hasNextPage && (
        <div ref={ref} className={classes.more}>
          <Button variant="subtle" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            {isFetchNextPageError ? 'That failed; try again' : 'Load more'}
          </Button>
        </div>
      )}
    </>
  );
}

/** Paces the refresh of such a list: a long one must not be asked for again and again, page after page. */
export function whileShort<S extends { state: { data: unknown; error: unknown } }>(
  pace: (state: S) => number | false,
): (state: S) => number | false {
  return (state) => {
    const data = state.state.data as InfiniteData<unknown> | undefined;
    return (data?.pages.length ?? 0) <= 1 ? pace(state) : false;
  };
}
