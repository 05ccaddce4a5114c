import type * as wire from '@understudy/wire';
import type { DeadLetter } from '../dead-letter.ts';
import { etaSeconds, type Job } from '../job.ts';
import type { AnsweredItem } from '../jobs.ts';
import type { QueueFigures } from '../ports.ts';

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

export function presentJob(job: Job, now: number): wire.JobSummary {
  return {
    id: job.id,
    task: job.task,
    status: job.status,
    priority: job.priority,
    attempts: job.attempts,
    progress: { done: job.done, total: job.total, unit: 'items', eta_seconds: etaSeconds(job, now) },
    ...(job.options.externalId === null ? {} : { external_id: job.options.externalId }),
    ...(job.many ? { failed_items: job.failed } : {}),
    error: job.error === null ? null : { code: job.error.code, detail: job.error.detail },
    not_before: job.readyAt > job.createdAt && job.startedAt === null ? iso(job.readyAt) : null,
    created_at: iso(job.createdAt),
    started_at: isoOrNull(job.startedAt),
    finished_at: isoOrNull(job.finishedAt),
  };
}

/** The job as it was accepted, whatever became of it since: what a repeated request is answered again. */
export function presentAccepted(job: Job): wire.JobSummary {
  const began = {
    status: 'queued',
    attempts: 0,
    done: 0,
    failed: 0,
    error: null,
    startedAt: null,
    finishedAt: null,
  } as const;
  return presentJob({ ...job, ...began, readyAt: job.options.notBefore ?? job.createdAt }, job.createdAt);
}

export function presentItem(item: AnsweredItem): NonNullable<wire.Job['decisions']>[number] {
  return {
    position: item.position,
    ...(item.externalId === null ? {} : { external_id: item.externalId }),
    decision: item.answer,
    error: item.error === null ? null : { code: item.error.code, detail: item.error.detail },
  };
}

export function presentQueue(queue: QueueFigures, now: number): wire.JobQueues['data'][number] {
  const { oldestAt } = queue;
  return {
    task: queue.task,
    depth: queue.queued,
    scheduled: queue.scheduled,
    running: queue.running,
    oldest_at: isoOrNull(oldestAt),
    oldest_seconds: oldestAt === null ? null : Math.max(0, Math.round((now - oldestAt) / 1000)),
  };
}

export function presentLetter(letter: DeadLetter): wire.DeadLetterSummary {
  return {
    id: letter.id,
    kind: letter.kind,
    state: letter.state,
    origin: letter.origin,
    task: letter.task,
    reason: letter.reason,
    message: letter.message,
    content_type: letter.contentType,
    attempts: letter.attempts,
    trace_id: letter.traceId,
    created_at: iso(letter.createdAt),
    resolved_at: isoOrNull(letter.resolvedAt),
    resolved_by: letter.resolvedBy,
    resolution: letter.resolution,
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are text, else base64: what is shown is what came, byte for byte. */
export function presentWholeLetter(letter: DeadLetter): wire.DeadLetter {
  const { body } = letter;
  let shown: wire.DeadLetter['body'] = null;
  if (letter.state === 'waiting') {
    try {
      shown = { encoding: 'text', data: utf8.decode(body), bytes: body.length };
    } catch {
      shown = { encoding: 'base64', data: Buffer.from(body).toString('base64'), bytes: body.length };
    }
  }
  return { ...presentLetter(letter), headers: letter.headers, body: shown, history: letter.history };
}
