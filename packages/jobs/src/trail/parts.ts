import { idTime } from '@understudy/kernel';
import type { DeadLetter, DeadLetterOrigin } from '../dead-letter.ts';
import type { JobStore } from '../ports.ts';
import { keysOf } from '../sources/message-key.ts';
import type { InboxEntry } from '../sources/ports.ts';
import type { TrailId, TrailPart, TrailStep } from './trail.ts';

/** Where messages and dead letters are looked up by what they have to do with each other. */
export interface TrailStore {
  /** Entries of inboxes by the messages' own ids, by exact keys, and by beginnings of keys. */
  messages(
    workspace: string,
    which: { ids: readonly string[]; keys: readonly string[]; beginnings: readonly string[] },
  ): Promise<(InboxEntry & { source: string })[]>;
  /** Letters by id, by the message that they hold, and by their origin. Without their bytes. */
  letters(
    workspace: string,
    which: { ids: readonly string[]; messages: readonly string[]; origins: readonly DeadLetterOrigin[] },
  ): Promise<DeadLetter[]>;
  /** Which of these replays wait in line. */
  waitingReplays(workspace: string, ids: readonly string[]): Promise<{ id: string; source: string; at: number }[]>;
}

/** Messages of sources. */
export function messageTrail(store: Pick<TrailStore, 'messages'>): TrailPart {
  return {
    kinds: ['message', 'other', 'letter', 'reply'],
    async follow(workspace, asked) {
      const others = asked.filter(({ kind }) => kind === 'other').map(({ id }) => keysOf(id));
      const entries = await store.messages(workspace, {
        ids: asked.flatMap(({ kind, id }) =>
          kind === 'message' ? [id] : kind === 'reply' ? [`msg_${id.slice(4)}`] : [],
        ),
        keys: [
          ...others.flatMap(({ exact }) => exact),
          ...asked.flatMap(({ kind, id }) => (kind === 'letter' ? [`replay:rpm_${id.slice(4)}`] : [])),
        ],
        beginnings: [
          ...others.flatMap(({ beginnings }) => beginnings),
          ...asked.flatMap(({ kind, id }) => (kind === 'letter' ? [`replay:rpm_${id.slice(4)}!`] : [])),
        ],
      });
      const ids: TrailId[] = [];
      const steps = entries.map((entry): TrailStep => {
        ids.push({ kind: 'message', id: entry.message });
        if (entry.decision !== null) ids.push({ kind: 'decision', id: entry.decision });
        if (entry.reply !== null) ids.push({ kind: 'reply', id: entry.reply });
        const again = /^replay:rpm_([0-9a-z]+)/.exec(entry.key)?.[1];
        if (again !== undefined) ids.push({ kind: 'letter', id: `dlt_${again}` });
        const verb = again === undefined ? 'took the message' : 'took the dead letter again';
        return {
          at: idTime(entry.message),
          place: 'source',
          id: entry.message,
          what: `${entry.source} ${verb}${entry.problem === null ? '' : ` and could not decide it: ${entry.problem.code}`}`,
          current: false,
          details: {
            source: entry.source,
            key: readable(entry.key),
            ...(entry.problem === null ? {} : { problem: entry.problem }),
            trace_id: entry.traceId,
          },
        };
      });
      return { steps, ids };
    },
  };
}

/** Keys hold a separator that nobody can read. */
function readable(key: string): string {
  return key.replaceAll('\u001f', ' ');
}

/** What was given up. */
export function deadLetterTrail(store: Pick<TrailStore, 'letters' | 'waitingReplays'>): TrailPart {
  return {
    kinds: ['message', 'job', 'letter', 'reply'],
    async follow(workspace, asked) {
      const of = (kind: TrailId['kind']) => asked.filter((one) => one.kind === kind).map(({ id }) => id);
      const letters = await store.letters(workspace, {
        ids: of('letter'),
        messages: [...of('message'), ...of('reply')],
        origins: of('job').map((id) => ({ kind: 'job' as const, id })),
      });
      const steps: TrailStep[] = [];
      const ids: TrailId[] = [];
      for (const letter of letters) {
        ids.push({ kind: 'letter', id: letter.id });
        if (letter.origin.kind === 'job') ids.push({ kind: 'job', id: letter.origin.id });
        if (letter.message?.startsWith('msg_')) ids.push({ kind: 'message', id: letter.message });
        if (letter.message?.startsWith('rep_')) ids.push({ kind: 'reply', id: letter.message });
        steps.push(...letterSteps(letter));
      }
      const replays = letters
        .filter(({ state, origin }) => state === 'replayed' && origin.kind === 'source')
        .map(({ id }) => `rpm_${id.slice(4)}`);
      for (const { id, source, at } of await store.waitingReplays(workspace, replays)) {
        const what = `waits to go through ${source} again`;
        steps.push({ at, place: 'replay', id, what, current: true, details: { source } });
      }
      return { steps, ids };
    },
  };
}

function letterSteps(letter: DeadLetter): TrailStep[] {
  const { id, kind, reason, history, attempts } = letter;
  const waiting = letter.state === 'waiting';
  const origin = `${letter.origin.kind}:${letter.origin.id}`;
  const steps: TrailStep[] = [
    ...history.slice(0, -1).map(
      (attempt): TrailStep => ({
        at: Date.parse(attempt.at),
        place: 'dead_letter',
        id,
        what: `an attempt failed: ${attempt.code}`,
        current: false,
        details: { detail: attempt.detail },
      }),
    ),
    {
      at: letter.createdAt,
      place: 'dead_letter',
      id,
      what: `${kind === 'failed' ? 'given up' : 'cannot be processed'}: ${reason.code}${waiting ? '; it waits for somebody to look at it' : ''}`,
      current: waiting,
      details: { kind, origin, reason, attempts },
    },
  ];
  if (letter.state !== 'waiting') {
    const { resolvedAt, resolvedBy, resolution } = letter;
    steps.push({
      at: resolvedAt,
      place: 'dead_letter',
      id,
      what: letter.state === 'replayed' ? 'sent on its way again' : 'discarded',
      current: letter.state === 'discarded',
      details: { by: resolvedBy, ...(resolution === null ? {} : { note: resolution }) },
    });
  }
  return steps;
}

const MOST_ITEMS = 20;

/** Jobs. */
export function jobTrail(store: Pick<JobStore, 'find' | 'items'>): TrailPart {
  return {
    kinds: ['job'],
    async follow(workspace, asked) {
      const steps: TrailStep[] = [];
      const ids: TrailId[] = [];
      for (const { id } of asked) {
        const job = await store.find(workspace, id);
        if (job === null) continue;
        ids.push({ kind: 'job', id });
        if (job.options.replyTo !== null) ids.push({ kind: 'reply', id });
        if (job.decision !== null) ids.push({ kind: 'decision', id: job.decision });
        if (job.many) {
          const items = await store.items(workspace, id, { limit: MOST_ITEMS, after: -1 });
          ids.push(
            ...items.flatMap(({ decision }) =>
              decision === null ? [] : [{ kind: 'decision' as const, id: decision }],
            ),
          );
        }
        const say = (at: number, what: string, current: boolean, details: Record<string, unknown> = {}) =>
          steps.push({ at, place: 'job', id, what, current, details });
        const items = job.many ? { items: job.total, done: job.done, failed: job.failed } : {};
        say(job.createdAt, `accepted for ${job.task}`, false, { task: job.task, priority: job.priority });
        if (job.startedAt !== null) say(job.startedAt, 'taken up by a worker', false, { attempts: job.attempts });
        if (job.finishedAt !== null) {
          say(job.finishedAt, job.status, true, { ...items, ...(job.error === null ? {} : { error: job.error }) });
        } else {
          const due = job.status === 'queued' ? { ready_at: new Date(job.readyAt).toISOString() } : {};
          const at = Math.max(job.createdAt, job.startedAt ?? 0);
          say(at, `is ${job.status}`, true, { ...items, ...due, ...(job.error === null ? {} : { error: job.error }) });
        }
      }
      return { steps, ids };
    },
  };
}
