import { Button } from '@mantine/core';
import { ConnectionFailed, Forbidden, NotFound, TimeLimitExceeded, UnderstudyError } from '@understudy/client';
import type { ReactNode } from 'react';
import { IconAlertTriangle, IconCloudOff, IconRefresh } from '../theme/icons.ts';
import classes from './states.module.css';

interface EmptyProps {
  title: string;
  /** What makes something appear here. */
  children?: ReactNode;
  /** The one thing to do next. */
  action?: ReactNode;
  icon?: ReactNode;
}

/** Nothing is here, which is no failure: says why, and what to do. */
export function Empty({ title, children, action, icon }: EmptyProps) {
  return (
    <div className={classes.state}>
      {icon !== undefined && (
        <div className={classes.icon} aria-hidden="true">
          {icon}
        </div>
      )}
      <p className={classes.title}>{title}</p>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** What went wrong in words, what can be done, and the id under which the server’s log has it. */
export function Failure({ error, onRetry, retrying }: { error: unknown; onRetry?: () => void; retrying?: boolean }) {
  const { title, detail } = explain(error);
  const requestId = error instanceof UnderstudyError ? error.requestId : undefined;
  const away = error instanceof ConnectionFailed || error instanceof TimeLimitExceeded;
  return (
    <div className={classes.state} role="alert">
      <div className={classes.icon} data-kind="bad" aria-hidden="true">
        {away ? <IconCloudOff size={22} /> : <IconAlertTriangle size={22} />}
      </div>
      <p className={classes.title}>{title}</p>
      <div className={classes.text}>
        <span className="content">{detail}</span>
        {requestId !== undefined && (
          <div className={classes.request}>
            Request <span className="mono">{requestId}</span>
          </div>
        )}
      </div>
      {onRetry !== undefined && !(error instanceof Forbidden) && (
        <div className={classes.action}>
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} />}
            onClick={onRetry}
            loading={retrying === true}
          >
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}

/** A failure in a line, beside what was tried. */
export function explain(error: unknown): { title: string; detail: string } {
  if (error instanceof ConnectionFailed || error instanceof TimeLimitExceeded) {
    return { title: 'The server does not answer', detail: 'The connection may be down. Nothing of yours is lost.' };
  }
  if (error instanceof Forbidden) return { title: 'You may not see this', detail: sentence(error.detail) };
  if (error instanceof NotFound) return { title: 'This does not exist', detail: sentence(error.detail) };
  if (error instanceof UnderstudyError) {
    const title = error.problem?.title ?? (error.status >= 500 ? 'The server failed' : 'This did not work');
    return { title, detail: sentence(error.detail) };
  }
  return { title: 'This page failed', detail: error instanceof Error ? error.message : String(error) };
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** Grey lines as tall as the rows to come, so that nothing jumps. */
export function LoadingRows({ rows = 6, height = 20, gap = 18 }: { rows?: number; height?: number; gap?: number }) {
  return (
    <div className={classes.rows} style={{ gap }} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={row} className={classes.bar} style={{ height, width: `${92 - ((row * 37) % 31)}%` }} />
      ))}
    </div>
  );
}

/** One grey block of a known height. */
export function LoadingBlock({ height }: { height: number }) {
  return <div role="status" aria-label="Loading" className={classes.block} style={{ height }} />;
}
