import { defineErrors } from '@understudy/kernel';

export const registryErrors = defineErrors({
  model_not_found: {
    title: 'There is no such model',
    description: 'The workspace has no model of this name. A model appears with the first training run of its task.',
    retryable: false,
  },
  model_version_not_found: {
    title: 'There is no such model version',
    description: 'The model exists, the version does not. `GET /v1/models/{model}/versions` lists them.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it is opaque and cannot be made by hand.',
    retryable: false,
  },
  alias_not_found: {
    title: 'The model has no such alias',
    description: 'The alias is not set.',
    retryable: false,
  },
});
