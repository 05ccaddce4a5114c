import { defineErrors } from '@understudy/kernel';

export const compatErrors = defineErrors({
  openai_request_invalid: {
    title: 'The request is not one that the OpenAI-compatible door takes',
    description:
      'A field of a request under `/openai/v1` is missing, unknown or out of its range. `errors` points at each; in OpenAI’s shape `param` names the first.',
    retryable: false,
  },
  openai_input_unsupported: {
    title: 'This kind of input is not supported',
    description:
      'The OpenAI-compatible door takes texts: no images, no arrays of tokens, one part a multi-part input. Nothing was decided.',
    retryable: false,
  },
  no_default_moderation_task: {
    title: 'The workspace names no default moderation task',
    description:
      'OpenAI’s own moderation models, and requests that name none, go to the default moderation task. Name one with `PUT /v1/openai-settings`, or send the name of a task as `model`.',
    retryable: false,
  },
  moderation_not_set_up: {
    title: 'The task is not set up for moderation',
    description:
      'Nobody has said which of its labels are `flagged`, and that is not guessed. `PUT /v1/openai-settings` says it.',
    retryable: false,
  },
  embeddings_unavailable: {
    title: 'The task has no model to embed with',
    description:
      'Embeddings are the features of the task’s champion; there is none yet, or it is of a kind without text features.',
    retryable: false,
  },
  openai_settings_invalid: {
    title: 'The settings of the OpenAI-compatible door contradict the tasks',
    description: 'A task stands twice or does not exist, or a label is not one of its task. `errors` points at each.',
    retryable: false,
  },
  predict_route_not_found: {
    title: 'There is no such predict route',
    description: 'The workspace has no predict route of this name or path. `GET /v1/predict-routes` lists them.',
    retryable: false,
  },
  predict_route_exists: {
    title: 'The predict route exists already',
    description: 'The request said `If-None-Match: *` (create only), and the route is there. Nothing was changed.',
    retryable: false,
  },
  predict_route_path_taken: {
    title: 'Another predict route has this path',
    description: 'A path under `/compat/` belongs to one route of the workspace. Name another `path`.',
    retryable: false,
  },
  predict_route_invalid: {
    title: 'The predict route cannot be set up like this',
    description:
      'A path is no JSONPath of names and indexes, a template names a fact that does not exist, a label is not one of the task, or parts contradict each other. `errors` points at each.',
    retryable: false,
  },
  request_unmapped: {
    title: 'The request does not fit the predict route',
    description:
      'A path of the route finds nothing in the request, or a value of another type than the item or the template needs. `errors` names each. Nothing was decided.',
    retryable: false,
  },
});
