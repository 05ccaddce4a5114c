import { createHash } from 'node:crypto';
import { decisionsErrors, type Task } from '@understudy/decisions';
import { type Clock, type FieldProblem, isUnderstudyError, type Principal } from '@understudy/kernel';
import type { OpenAiSettingsRequest } from '@understudy/wire';
import { compatErrors } from '../errors.ts';
import { FreshValues } from '../fresh-values.ts';
import type { AuditTrail, OpenAiSettingsStore, StoredOpenAiSettings } from '../ports.ts';

const NOTHING: StoredOpenAiSettings = {
  settings: { default_moderation_task: null, moderation: [] },
  version: 0,
  updatedAt: 0,
};

/** What the OpenAI-compatible door of a workspace goes by. */
export class OpenAiSettingsKeeper {
  readonly #store: OpenAiSettingsStore;
  readonly #tasks: { get(workspace: string, slug: string): Promise<Task> };
  readonly #audit: AuditTrail;
  readonly #clock: Clock;
  readonly #live: FreshValues<StoredOpenAiSettings>;

  constructor(ports: {
    store: OpenAiSettingsStore;
    /** Throws task_not_found. */
    tasks: { get(workspace: string, slug: string): Promise<Task> };
    audit: AuditTrail;
    clock: Clock;
  }) {
    this.#store = ports.store;
    this.#tasks = ports.tasks;
    this.#audit = ports.audit;
    this.#clock = ports.clock;
    this.#live = new FreshValues(ports.clock);
  }

  async get(workspace: string): Promise<StoredOpenAiSettings> {
    return (await this.#store.find(workspace)) ?? NOTHING;
  }

  /** As of a second ago at most. */
  current(workspace: string): Promise<StoredOpenAiSettings> {
    return this.#live.get(workspace, () => this.get(workspace));
  }

  /** Replaces the settings. @throws `openai_settings_invalid`, `stale_version` */
  async put(
    principal: Principal,
    settings: OpenAiSettingsRequest,
    ifMatch: string | undefined,
    requestId: string,
  ): Promise<StoredOpenAiSettings> {
    const { workspace } = principal;
    await this.#check(workspace, settings);
    const stored = await this.#store.edit(workspace, principal.id, async (found, tx) => {
      const before = found ?? NOTHING;
      const etag = openAiSettingsEtag(before);
      const met =
        ifMatch === undefined || ifMatch.trim() === '*' || ifMatch.split(',').some((one) => one.trim() === etag);
      if (!met) throw decisionsErrors.stale_version('the settings have another version than the one you edited');
      await this.#audit.record(tx, {
        principal,
        action: 'openai_settings.updated',
        resource: 'openai-settings',
        requestId,
        details: { default_moderation_task: settings.default_moderation_task },
      });
      return { settings, version: before.version + 1, updatedAt: this.#clock.now() };
    });
    this.#live.forget(workspace);
    return stored;
  }

  async #check(workspace: string, settings: OpenAiSettingsRequest): Promise<void> {
    const problems: FieldProblem[] = [];
    const wrong = (pointer: string, detail: string) =>
      problems.push({ pointer, code: 'openai_settings_invalid', detail });
    const seen = new Set<string>();
    for (const [index, rules] of settings.moderation.entries()) {
      const at = `/moderation/${index}`;
      if (seen.has(rules.task)) wrong(`${at}/task`, `${rules.task} stands twice`);
      seen.add(rules.task);
      const labels = await this.#labelsOf(workspace, rules.task);
      if (labels === null) {
        wrong(`${at}/task`, `there is no task ${rules.task}`);
        continue;
      }
      const unknown = (label: string) => `${JSON.stringify(label)} is no label of ${rules.task}`;
      for (const [nth, label] of rules.flagged_labels.entries()) {
        if (!labels.has(label)) wrong(`${at}/flagged_labels/${nth}`, unknown(label));
      }
      for (const label of Object.keys(rules.categories ?? {})) {
        if (!labels.has(label)) wrong(`${at}/categories`, unknown(label));
      }
    }
    const standard = settings.default_moderation_task;
    if (standard !== null && !seen.has(standard)) {
      wrong('/default_moderation_task', `${standard} is not one of \`moderation\``);
    }
    if (problems.length === 0) return;
    const [first] = problems;
    throw compatErrors.openai_settings_invalid(`${first!.pointer} ${first!.detail}`, {
      problems: problems.slice(0, 1000),
    });
  }

  async #labelsOf(workspace: string, slug: string): Promise<Set<string> | null> {
    try {
      const task = await this.#tasks.get(workspace, slug);
      return new Set(task.definition.labels.map(({ name }) => name));
    } catch (error) {
      if (isUnderstudyError(error) && error.code === 'task_not_found') return null;
      throw error;
    }
  }
}

/** A strong ETag of the settings as they stand. */
export function openAiSettingsEtag({ version, updatedAt }: StoredOpenAiSettings): string {
  return `"${createHash('sha256').update(`openai:${version}:${updatedAt}`).digest('base64url').slice(0, 22)}"`;
}
