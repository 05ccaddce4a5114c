import type { Tx } from '@understudy/kernel';
import type { PredictionRequest } from '@understudy/wire';
import type { DeadLetter } from './dead-letter.ts';
import type { Replayer } from './dead-letters.ts';
import { jobErrors } from './errors.ts';
import { DEFAULT_PRIORITY, type NewJob } from './job.ts';
import type { JobStore, JobTasks } from './ports.ts';

/** Opens the job of a letter again, or the item of a job with many. Its id, its callback and its reply stay the same. */
export class JobReplayer implements Replayer {
  readonly #store: Pick<JobStore, 'reopen'>;
  readonly #tasks: JobTasks;

  constructor(ports: { store: Pick<JobStore, 'reopen'>; tasks: JobTasks }) {
    this.#store = ports.store;
    this.#tasks = ports.tasks;
  }

  /** @throws `replay_not_possible`, and what the task still has against the item */
  async replay(tx: Tx, workspace: string, letter: DeadLetter): Promise<void> {
    const item = itemOf(letter);
    const task = letter.task!;
    await this.#tasks.check(workspace, task, [item], false);
    const job: NewJob = {
      id: letter.origin.id,
      workspace,
      task,
      priority: DEFAULT_PRIORITY,
      notBefore: null,
      many: letter.message !== null,
      items: [item],
      options: {
        principal: 'replay',
        requestId: letter.id,
        traceId: letter.traceId,
        traceparent: letter.headers.traceparent ?? null,
        callbackUrl: null,
        replyTo: null,
        externalId: item.external_id ?? null,
        notBefore: null,
      },
      key: null,
    };
    const opened = await this.#store.reopen(
      tx,
      workspace,
      job,
      letter.message === null ? null : Number(letter.message),
    );
    if (!opened) throw jobErrors.replay_not_possible('its job was cancelled, or this item has its answer');
  }
}

function itemOf(letter: DeadLetter): PredictionRequest {
  const item = JSON.parse(Buffer.from(letter.body).toString()) as { input?: unknown };
  const input = item.input as { text?: unknown } | null | undefined;
  if (
    typeof input !== 'object' ||
    input === null ||
    typeof input.text !== 'string' ||
    Object.keys(input).length !== 1
  ) {
    throw jobErrors.replay_not_possible('the input of a job is {"text": "…"}');
  }
  return item as PredictionRequest;
}
