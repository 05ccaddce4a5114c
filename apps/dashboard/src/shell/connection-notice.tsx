import { useQueryClient } from '@tanstack/react-query';
import { ConnectionFailed, ServerError, TimeLimitExceeded } from '@understudy/client';
import { useCallback, useSyncExternalStore } from 'react';
import { IconCloudOff } from '../theme/icons.ts';
import classes from './connection-notice.module.css';

/** Says when what is shown may be old, because the server does not answer any more. Asks for nothing by itself. */
export function ConnectionNotice() {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache]);
  const lost = useSyncExternalStore(subscribe, () =>
    cache.getAll().some((query) => {
      const { data, error } = query.state;
      if (data === undefined || error === null || !query.isActive()) return false;
      return error instanceof ConnectionFailed || error instanceof TimeLimitExceeded || error instanceof ServerError;
    }),
  );
  return (
    <div role="status" className="no-print">
      {lost && (
        <div className={classes.notice}>
          <IconCloudOff size={16} aria-hidden="true" />
          The server does not answer. What you see may be out of date; it is tried again.
        </div>
      )}
    </div>
  );
}
