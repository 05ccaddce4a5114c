import { isDeepStrictEqual } from 'node:util';
import { decisionsErrors } from '@understudy/decisions';
import { type Clock, newId, type Principal, type Tx } from '@understudy/kernel';
import type { SourceRequest } from '@understudy/wire';
import { sourceErrors } from './errors.ts';
import { compileMapping } from './mapping.ts';
import type { AuditTrail, SourceBuses, SourceStore, TopicRules } from './ports.ts';
import { DATABASE_BUS, HTTP_BUS, type Source, type SourceDefinition, type SourceView, sourceEtag } from './source.ts';

export interface SourceConditions {
  /** `If-Match`: the ETag that the caller edits on top of, a list of them, or `*` (the source must be there). */
  ifMatch?: string;
  /** `If-None-Match: *`: create only. */
  createOnly?: boolean;
}

export interface SourcesPorts {
  store: SourceStore;
  buses: SourceBuses;
  topics: TopicRules;
  /** Throws task_not_found. */
  tasks: { get(workspace: string, slug: string): Promise<unknown> };
  audit: AuditTrail;
  clock: Clock;
}

/** Making, editing and reading sources. */
export class Sources {
  readonly #ports: SourcesPorts;

  constructor(ports: SourcesPorts) {
    this.#ports = ports;
  }

  /**
   * Creates or replaces a source; within two seconds every worker goes by it.
   *
   * @throws `unknown_bus`, `task_not_found`, `invalid_mapping`, `invalid_source`, `topic_refused`, `group_taken`,
   *   `event_type_taken`, `source_exists`, `stale_version`
   */
  async put(
    principal: Principal,
    name: string,
    request: SourceRequest,
    conditions: SourceConditions,
    requestId: string,
  ): Promise<{ view: SourceView; created: boolean }> {
    const { store, clock, tasks, audit } = this.#ports;
    const { workspace } = principal;
    const definition = this.#definitionOf(workspace, name, request);
    compileMapping(definition.mapping);
    await tasks.get(workspace, definition.task);
    const now = clock.now();
    const { before } = await store.edit(workspace, name, async (before, tx) => {
      if (before !== null && conditions.createOnly === true) {
        throw sourceErrors.source_exists(`the source ${name} exists`);
      }
      checkMatch(name, before, conditions.ifMatch);
      if (before !== null && isDeepStrictEqual(before.definition, definition)) return { source: before, write: false };
      const source: Source = {
        workspace,
        id: before?.id ?? newId('src', now),
        name,
        definition,
        paused: before?.paused ?? false,
        version: (before?.version ?? 0) + 1,
        changedBy: principal.id,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
      await this.#claim(tx, source);
      await audit.record(tx, {
        principal,
        action: before === null ? 'source.created' : 'source.updated',
        resource: name,
        requestId,
        details: { bus: definition.bus, topic: definition.topic, task: definition.task },
      });
      return { source, write: true };
    });
    await this.#ensureTopics(definition);
    return { view: await this.get(workspace, name), created: before === null };
  }

  /** Topics of our own database are nobody else's to make. Those of a broker are its operator's. */
  async #ensureTopics({ bus, topic, replyTo }: SourceDefinition): Promise<void> {
    const named = bus === HTTP_BUS ? [] : [{ bus, topic }];
    if (replyTo !== null && replyTo.topic !== null) named.push({ bus: replyTo.bus, topic: replyTo.topic });
    for (const one of named) {
      if (one.bus !== DATABASE_BUS) continue;
      const opened = await this.#ports.buses.get(one.bus);
      await opened.ensureTopic(one.topic);
    }
  }

  /** @throws `source_not_found` */
  async get(workspace: string, name: string): Promise<SourceView> {
    const view = await this.#ports.store.find(workspace, name);
    if (view === null) throw sourceErrors.source_not_found(`no source ${name} in this workspace`);
    return view;
  }

  list(workspace: string, page: { limit: number; after: string }): Promise<SourceView[]> {
    return this.#ports.store.list(workspace, page);
  }

  /** What was taken stays decided; what waits in the broker stays there. @throws `source_not_found`, `stale_version` */
  async remove(principal: Principal, name: string, ifMatch: string | undefined, requestId: string): Promise<void> {
    await this.#ports.store.edit(principal.workspace, name, async (before, tx) => {
      if (before === null) throw sourceErrors.source_not_found(`no source ${name} in this workspace`);
      checkMatch(name, before, ifMatch);
      await this.#record(tx, principal, 'source.deleted', name, requestId);
      return { source: before, write: true, remove: true };
    });
  }

  /** Takes no new messages, or takes them again. @throws `source_not_found` */
  async pause(principal: Principal, name: string, paused: boolean, requestId: string): Promise<SourceView> {
    const now = this.#ports.clock.now();
    await this.#ports.store.edit(principal.workspace, name, async (before, tx) => {
      if (before === null) throw sourceErrors.source_not_found(`no source ${name} in this workspace`);
      if (before.paused === paused) return { source: before, write: false };
      await this.#record(tx, principal, paused ? 'source.paused' : 'source.resumed', name, requestId);
      return { source: { ...before, paused, version: before.version + 1, updatedAt: now }, write: true };
    });
    return this.get(principal.workspace, name);
  }

  /** Makes the database forget what it need not know any more: entries of inboxes older than `days`. */
  async expire(days: number, signal?: AbortSignal): Promise<number> {
    const some = 10_000;
    for (let removed = 0; ; ) {
      const step = await this.#ports.store.expire(days, some);
      removed += step;
      if (step < some || signal?.aborted === true) return removed;
    }
  }

  #record(tx: Tx, principal: Principal, action: string, name: string, requestId: string): Promise<void> {
    return this.#ports.audit.record(tx, { principal, action, resource: name, requestId, details: {} });
  }

  #definitionOf(workspace: string, name: string, request: SourceRequest): SourceDefinition {
    const { bus, topic, mapping, reply_to: reply } = request;
    this.#knownBus(bus, '/bus');
    const http = bus === HTTP_BUS;
    if (http && request.group !== undefined) {
      throw invalid('/group', 'events of POST /v1/events come to no group');
    }
    if (http && request.format === 'json') {
      throw invalid('/format', 'POST /v1/events takes CloudEvents');
    }
    let replyTo: SourceDefinition['replyTo'] = null;
    if (reply !== undefined) {
      const fromMessage = reply.from_message ?? false;
      const replyBus = reply.bus ?? bus;
      this.#knownBus(replyBus, '/reply_to/bus');
      if (replyBus === HTTP_BUS) {
        throw invalid('/reply_to/bus', 'name the bus of the answers: there is none that POST /v1/events came from');
      }
      if (reply.topic === undefined && !fromMessage) throw invalid('/reply_to', 'name a topic, or from_message: true');
      replyTo = { bus: replyBus, topic: reply.topic ?? null, fromMessage };
      if (replyBus === bus && reply.topic === topic) {
        throw invalid('/reply_to/topic', 'answers to the topic that is read would be read again');
      }
    }
    return {
      bus,
      topic,
      group: http ? workspace : (request.group ?? `understudy-${workspace}-${name}`),
      task: request.task,
      format: request.format ?? (http ? 'cloudevents' : 'json'),
      mapping: {
        input: mapping.input,
        externalId: mapping.external_id ?? null,
        subject: mapping.subject ?? null,
        attributes: mapping.attributes ?? {},
        id: mapping.id ?? null,
      },
      replyTo,
    };
  }

  #knownBus(name: string, pointer: string): void {
    if (name === HTTP_BUS || this.#ports.buses.has(name)) return;
    const detail = `the operator named no message system ${name}`;
    throw sourceErrors.unknown_bus(detail, { problems: [{ pointer, code: 'unknown_bus', detail }] });
  }

  async #claim(tx: Tx, source: Source): Promise<void> {
    const { definition, workspace } = source;
    const { store } = this.#ports;
    if (definition.bus !== HTTP_BUS) await this.#claimTopic(tx, workspace, definition.bus, definition.topic, '/topic');
    if (definition.replyTo?.topic != null) {
      await this.#claimTopic(tx, workspace, definition.replyTo.bus, definition.replyTo.topic, '/reply_to/topic');
    }
    if (await store.claimGroup(tx, source, definition)) return;
    if (definition.bus === HTTP_BUS) {
      throw sourceErrors.event_type_taken(`another source takes events of the type ${definition.topic}`);
    }
    throw sourceErrors.group_taken(`another source reads ${definition.topic} with the group ${definition.group}`);
  }

  async #claimTopic(tx: Tx, workspace: string, bus: string, topic: string, pointer: string): Promise<void> {
    const allowed = this.#ports.topics.allows(workspace, bus, topic);
    if (allowed === true) return;
    if (allowed === null && (await this.#ports.store.claimTopic(tx, workspace, bus, topic))) return;
    const detail = allowed === null ? `${topic} is used by another workspace` : `the operator does not allow ${topic}`;
    throw sourceErrors.topic_refused(detail, { problems: [{ pointer, code: 'topic_refused', detail }] });
  }
}

function invalid(pointer: string, detail: string) {
  return sourceErrors.invalid_source(detail, { problems: [{ pointer, code: 'invalid_source', detail }] });
}

/** RFC 9110, 13.1.1: strong comparison, so that a weak ETag matches nothing. */
function checkMatch(name: string, source: Source | null, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  const etag = source === null ? null : sourceEtag(source);
  const met =
    etag !== null && (ifMatch.trim() === '*' || ifMatch.split(',').some((candidate) => candidate.trim() === etag));
  if (!met) throw decisionsErrors.stale_version(`the source ${name} has another version than the one you edited`);
}
