import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { ConnectionFailed, RateLimited, ServerError, TimeLimitExceeded, UnexpectedAnswer } from '@understudy/client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { client } from '../../api/client.ts';
import { explain } from '../../components/states.tsx';
import { useSession } from '../../session/session.ts';
import type { OutboxEntry } from './outbox.ts';
import { type DeskAnswer, type DeskOptions, type DeskPorts, type DeskState, ReviewDesk } from './review-desk.ts';

const TRY_MS = 10_000;

const isTemporary = (error: unknown): boolean =>
  error instanceof ConnectionFailed ||
  error instanceof TimeLimitExceeded ||
  error instanceof ServerError ||
  error instanceof RateLimited ||
  error instanceof UnexpectedAnswer;

async function send({ id, action, item, ...body }: OutboxEntry): Promise<DeskAnswer> {
  // The outbox repeats by itself: with its own notice, and for as long as it takes.
  const options = { idempotencyKey: id, maxRetries: 0, timeoutMs: TRY_MS };
  const { claim_token, label, seconds, note } = body;
  const noted = note === undefined ? {} : { note };
  if (action === 'verdict') {
    return client.review.verdict(
      item,
      { claim_token, label: label!, ...(seconds === undefined ? {} : { seconds }), ...noted },
      options,
    );
  }
  await client.review[action](item, { claim_token, ...noted }, options);
  return null;
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Unsent decisions of one person in one workspace: nobody else who uses this browser sends them. */
function storage(owner: string): Pick<DeskPorts, 'load' | 'save'> {
  const key = `understudy-review-outbox:${owner}`;
  return {
    load: () => {
      try {
        const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
        return Array.isArray(stored) ? (stored as OutboxEntry[]).filter(isEntry) : [];
      } catch {
        return [];
      }
    },
    save: (entries) => {
      try {
        if (entries.length === 0) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(entries));
      } catch {
        // full or forbidden: they are kept as long as this page is open
      }
    },
  };
}

const isEntry = (entry: Partial<OutboxEntry> | null): boolean =>
  typeof entry?.id === 'string' &&
  typeof entry.item === 'string' &&
  typeof entry.claim_token === 'string' &&
  ['verdict', 'skip', 'escalate', 'release'].includes(String(entry.action));

/** The desk of whoever is signed in, for one task or all. Closed, and its items given back, when the page is left. */
export function useReviewDesk(options: DeskOptions): { desk: ReviewDesk; state: DeskState } {
  const { workspace, principal } = useSession();
  const cache = useQueryClient();
  const owner = `${workspace.id}:${principal.id}`;
  const [desk, setDesk] = useState(() => make(owner, options));
  const { task, queue, size } = options;
  useEffect(() => {
    const made = make(owner, { task, queue, size });
    setDesk(made);
    void made.start();
    const seen = () => made.activeTime.setSeen(document.visibilityState === 'visible');
    const online = () => made.retryNow();
    const moved = () => made.activeTime.touch();
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('online', online);
    for (const event of ['pointermove', 'keydown', 'scroll'] as const) {
      window.addEventListener(event, moved, { passive: true });
    }
    return () => {
      document.removeEventListener('visibilitychange', seen);
      window.removeEventListener('online', online);
      for (const event of ['pointermove', 'keydown', 'scroll'] as const) window.removeEventListener(event, moved);
      made.close();
      void cache.invalidateQueries({ queryKey: ['review'] });
    };
  }, [owner, task, queue, size, cache]);
  return { desk, state: useSyncExternalStore(desk.subscribe, desk.snapshot) };
}

function make(owner: string, options: DeskOptions): ReviewDesk {
  return new ReviewDesk(
    {
      held: () => client.review.claims({ maxRetries: 0, timeoutMs: TRY_MS }),
      claim: (request) => client.review.claim(request, { maxRetries: 0, timeoutMs: TRY_MS }),
      send,
      undo: (item, claim_token) => client.review.undo(item, { claim_token }),
      isTemporary,
      ...storage(owner),
      wait,
      now: () => performance.now(),
      newKey: () => crypto.randomUUID(),
      onRefused: (entry, error) => {
        notifications.show({
          color: 'red',
          title: entry.action === 'verdict' ? 'Your last answer was not taken' : 'This did not work',
          message: explain(error).detail,
          autoClose: 10_000,
        });
      },
    },
    options,
  );
}
