import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { exactTime, relativeTime, shortTime } from '../formatting/time.ts';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times on the page; it stands still while nobody shows one. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, 15_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The time, late by up to 15 s; for distances. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

interface TimeProps {
  /** RFC 3339, or milliseconds. */
  at: string | number | null | undefined;
  /** `relative` (default): 5 min ago. `short`: 21 Nov, 06:46. */
  as?: 'relative' | 'short' | 'exact';
}

/** A moment in the viewer’s zone; its exact time on hover and focus. */
export function Time({ at, as = 'relative' }: TimeProps) {
  const current = useNow();
  if (at === null || at === undefined) return <span>–</span>;
  const moment = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(moment)) return <span>–</span>;
  const exact = exactTime(moment);
  if (as === 'exact') return <time dateTime={new Date(moment).toISOString()}>{exact}</time>;
  const context = { now: Math.max(current, Date.now()) };
  return (
    <Tooltip label={exact}>
      <time dateTime={new Date(moment).toISOString()} className="figures nowrap">
        {as === 'short' ? shortTime(moment, context) : relativeTime(moment, context)}
      </time>
    </Tooltip>
  );
}
