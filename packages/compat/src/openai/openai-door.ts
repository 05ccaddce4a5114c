import { type CallContext, type Decide, decisionsErrors, type IdempotentCall, type Task } from '@understudy/decisions';
import type { Clock } from '@understudy/kernel';
import type { Decision } from '@understudy/wire';
import { compatErrors } from '../errors.ts';
import { FreshValues } from '../fresh-values.ts';
import type { FeatureSpaces, ModelFeatures } from '../ports.ts';
import { base64Of, wordsOf } from './embedding.ts';
import type { EmbeddingHost } from './embedding-host.ts';
import { type ModerationResult, moderationResult, wellKnownModerationModels } from './moderation.ts';
import type { OpenAiSettingsKeeper } from './openai-settings.ts';
import { readEmbedding, readModeration } from './request.ts';

export interface OpenAiPorts {
  settings: OpenAiSettingsKeeper;
  tasks: {
    /** Throws task_not_found. */
    get(workspace: string, slug: string): Promise<Task>;
    list(workspace: string, page: { limit: number; after?: string }): Promise<Task[]>;
  };
  /** The task as it is being served: cheap. Throws task_not_found. */
  live: { get(workspace: string, slug: string): { task: Task } | Promise<{ task: Task }> };
  decide: Pick<Decide, 'batch'>;
  features: FeatureSpaces;
  embedder: Pick<EmbeddingHost, 'embed'>;
  clock: Clock;
}

export interface OpenAiModel {
  id: string;
  object: 'model';
  /** Seconds since the epoch. */
  created: number;
  owned_by: string;
}

export interface ModerationAnswer {
  id: string;
  model: string;
  results: ModerationResult[];
}

export interface EmbeddingAnswer {
  object: 'list';
  data: { object: 'embedding'; index: number; embedding: number[] | string }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
}

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;
/** A task, or one version of its model. */
const VERSIONED = /^([a-z][a-z0-9-]{0,62})@([1-9]\d{0,8})$/;
const PAGE = 200;

/** OpenAI's API over the tasks of a workspace: `model` is a task. */
export class OpenAiDoor {
  readonly #ports: OpenAiPorts;
  readonly #features: FreshValues<ModelFeatures | null>;

  constructor(ports: OpenAiPorts) {
    this.#ports = ports;
    this.#features = new FreshValues(ports.clock);
  }

  /** Every task as a model, in order of their names. */
  async models(workspace: string): Promise<{ object: 'list'; data: OpenAiModel[] }> {
    const data: OpenAiModel[] = [];
    for (let after: string | undefined; ; ) {
      const tasks = await this.#ports.tasks.list(workspace, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      data.push(...tasks.map(modelOf));
      after = tasks.at(-1)?.slug;
      if (tasks.length < PAGE) return { object: 'list', data };
    }
  }

  /** @throws `task_not_found`, `no_default_moderation_task` */
  async model(workspace: string, model: string): Promise<OpenAiModel> {
    return modelOf(await this.#ports.tasks.get(workspace, await this.#taskOf(workspace, model)));
  }

  /**
   * Decides every text and commits all rows together before it resolves.
   *
   * @throws `openai_request_invalid`, `openai_input_unsupported`, `task_not_found`, `no_default_moderation_task`,
   *   `moderation_not_set_up`, and what {@link Decide.batch} throws
   */
  async moderations(
    call: CallContext,
    body: unknown,
    idempotency?: IdempotentCall,
  ): Promise<{ answer: ModerationAnswer; replayed: boolean }> {
    const { model, texts } = readModeration(body);
    const { workspace } = call.principal;
    const slug = await this.#taskOf(workspace, model);
    const { task } = await this.#ports.live.get(workspace, slug);
    const { settings } = await this.#ports.settings.current(workspace);
    const rules = settings.moderation.find((one) => one.task === slug);
    if (rules === undefined) {
      throw compatErrors.moderation_not_set_up(
        `which labels of ${slug} are flagged was not said: PUT /v1/openai-settings says it`,
      );
    }
    const items = texts.map((text) => ({ input: { text } }));
    const made = await this.#ports.decide.batch(call, slug, items, idempotency);
    const { decisions } = JSON.parse(made.body) as { decisions: Decision[] };
    const labels = task.definition.labels.map(({ name }) => name);
    return {
      answer: {
        // From the first decision, so that a replay has the same.
        id: `modr_${decisions[0]!.id.slice('dec_'.length)}`,
        model: slug,
        results: decisions.map((decision) => moderationResult(decision, rules, labels)),
      },
      replayed: made.replayed,
    };
  }

  /**
   * The features of the task's champion, or of the version that `model` names as `task@version`. Decides nothing, so
   * there is no row in the ledger.
   *
   * @throws `openai_request_invalid`, `openai_input_unsupported`, `task_not_found`, `input_too_long`,
   *   `embeddings_unavailable`, and what {@link EmbeddingHost.embed} throws
   */
  async embeddings(workspace: string, body: unknown): Promise<EmbeddingAnswer> {
    const { model, texts, dimensions, format } = readEmbedding(body);
    const [, slug = this.#slugOf(model), version = null] = VERSIONED.exec(model) ?? [];
    const { task } = await this.#ports.live.get(workspace, slug);
    const most = task.definition.input.text.max_length ?? 20_000;
    for (const [index, text] of texts.entries()) {
      if (text.length <= most) continue;
      const detail = `has ${text.length} UTF-16 code units; the task allows ${most}`;
      const problems = [{ pointer: `/input/${index}`, code: 'input_too_long', detail }];
      throw decisionsErrors.input_too_long(`input[${index}] ${detail}`, { problems });
    }
    const features = await this.#features.get(`${workspace}/${model}`, () =>
      this.#ports.features.of(workspace, slug, version),
    );
    if (features === null) {
      const what =
        version === null ? `${slug} has no model with text features yet` : `there is no ${model} with text features`;
      throw compatErrors.embeddings_unavailable(what, {
        problems: [{ pointer: '/model', code: 'embeddings_unavailable', detail: what }],
      });
    }
    const all = await this.#ports.embedder.embed(features.key, features.read, texts, dimensions);
    const data: EmbeddingAnswer['data'] = texts.map((_, index) => {
      const vector = all.subarray(index * dimensions, (index + 1) * dimensions);
      return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(vector) : Array.from(vector) };
    });
    const words = texts.reduce((sum, text) => sum + wordsOf(text), 0);
    return {
      object: 'list',
      data,
      model: `${slug}@${features.version}`,
      usage: { prompt_tokens: words, total_tokens: words },
    };
  }

  async #taskOf(workspace: string, model: string | null): Promise<string> {
    if (model !== null && !wellKnownModerationModels.has(model)) return this.#slugOf(model);
    const { settings } = await this.#ports.settings.current(workspace);
    if (settings.default_moderation_task !== null) return settings.default_moderation_task;
    const detail = `${model === null ? 'a request without a model' : model} goes to the default moderation task, and none is set`;
    throw compatErrors.no_default_moderation_task(detail, {
      problems: [{ pointer: '/model', code: 'no_default_moderation_task', detail }],
    });
  }

  /** A name that no task can have is answered as one that none has. */
  #slugOf(model: string): string {
    if (SLUG.test(model)) return model;
    const detail = `The model \`${model.slice(0, 100)}\` does not exist: send the name of a task`;
    throw decisionsErrors.task_not_found(detail, { problems: [{ pointer: '/model', code: 'task_not_found', detail }] });
  }
}

function modelOf(task: Task): OpenAiModel {
  return {
    id: task.slug,
    object: 'model',
    created: Math.floor(task.createdAt / 1000),
    owned_by: task.definition.owner === '' ? 'understudy' : task.definition.owner,
  };
}
