import { type Clock, newId, type Principal } from '@understudy/kernel';
import { valueErrors } from '../errors.ts';
import { windowOf } from '../window.ts';
import type { ReplayRooms, ReplayStore } from './ports.ts';
import type { Replay, What } from './replay.ts';

export interface ReplayAsked {
  /** Milliseconds since the epoch. */
  from?: number | undefined;
  to?: number | undefined;
  what: Partial<What>;
}

/** A workspace may have this many replays that are not over. */
export const MOST_OPEN = 20;

/** Asking for replays, and reading them. {@link ReplayWorker} does them. */
export class Replays {
  readonly #store: ReplayStore;
  readonly #rooms: ReplayRooms;
  readonly #clock: Clock;

  constructor(ports: { store: ReplayStore; rooms: ReplayRooms; clock: Clock }) {
    this.#store = ports.store;
    this.#rooms = ports.rooms;
    this.#clock = ports.clock;
  }

  /**
   * Queues a replay. Decisions made after this moment are not in it.
   *
   * @throws `task_not_found` `invalid_window` `replay_conflict` `replay_version_unknown` `too_many_replays`
   */
  async start(principal: Principal, slug: string, asked: ReplayAsked): Promise<Replay> {
    const { workspace } = principal;
    const now = this.#clock.now();
    const { maxError = null, confidence = null, modelVersion = null, threshold = null } = asked.what;
    const task = await this.#rooms.task(workspace, slug);
    const { from, to } = asked;
    windowOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, null, now);
    if (threshold !== null && (maxError !== null || confidence !== null)) {
      const detail = 'A threshold and a budget are given; a budget finds its own threshold.';
      throw valueErrors.replay_conflict(detail, {
        problems: [{ pointer: '/what/threshold', code: 'replay_conflict', detail }],
      });
    }
    if (modelVersion !== null && !(await this.#rooms.hasVersion(workspace, task, modelVersion))) {
      const detail = `The model of ${slug} has no version “${modelVersion}”.`;
      throw valueErrors.replay_version_unknown(detail, {
        problems: [{ pointer: '/what/model_version', code: 'replay_version_unknown', detail }],
      });
    }
    const replay: Replay = {
      id: newId('rpl', now),
      workspace,
      taskId: task.id,
      task: slug,
      from: from ?? null,
      to: Math.min(to ?? now + 1, now + 1),
      what: { maxError, confidence, modelVersion, threshold },
      status: 'queued',
      progress: { done: 0, total: null },
      result: null,
      error: null,
      requestedBy: principal.id,
      attempts: 0,
      cancelRequested: false,
      createdAt: now,
      startedAt: null,
      finishedAt: null,
    };
    if (!(await this.#store.create(replay, MOST_OPEN))) {
      const detail = `${MOST_OPEN} replays of this workspace wait or run already.`;
      throw valueErrors.too_many_replays(detail, { retryAfterSeconds: 10 });
    }
    return replay;
  }

  /** @throws `replay_not_found` */
  async get(workspace: string, id: string): Promise<Replay> {
    const replay = await this.#store.find(workspace, id);
    if (replay === null) throw valueErrors.replay_not_found('There is no such replay.');
    return replay;
  }

  /** Newest first. Throws `task_not_found`. */
  async list(workspace: string, slug: string, page: { limit: number; after?: string }): Promise<Replay[]> {
    const { id } = await this.#rooms.task(workspace, slug);
    return this.#store.list(workspace, id, page);
  }

  /** One that is over stays as it is. Throws `replay_not_found`. */
  async cancel(workspace: string, id: string): Promise<Replay> {
    const replay = await this.#store.cancel(workspace, id);
    if (replay === null) throw valueErrors.replay_not_found('There is no such replay.');
    return replay;
  }
}
