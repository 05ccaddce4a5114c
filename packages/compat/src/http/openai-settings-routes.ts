import type { RoutePlugin } from '@understudy/kernel';
import type { OpenAiSettings, OpenAiSettingsRequest } from '@understudy/wire';
import { type OpenAiSettingsKeeper, openAiSettingsEtag } from '../openai/openai-settings.ts';
import type { StoredOpenAiSettings } from '../ports.ts';

const present = ({ settings, version, updatedAt }: StoredOpenAiSettings): OpenAiSettings => ({
  ...settings,
  updated_at: version === 0 ? null : new Date(updatedAt).toISOString(),
});

/** `/v1/openai-settings`: how tasks answer at the OpenAI-compatible door. */
export function openAiSettingsRoutes(settings: OpenAiSettingsKeeper): RoutePlugin {
  return (app) => {
    app.get(
      '/v1/openai-settings',
      {
        config: { policy: { kind: 'scope', scope: 'tasks:read' } },
        schema: { summary: 'How tasks answer under /openai/v1', response: { 200: { $ref: 'OpenAiSettings#' } } },
      },
      async (request, reply) => {
        const stored = await settings.get(request.principal.workspace);
        reply.header('ETag', openAiSettingsEtag(stored));
        return present(stored);
      },
    );

    app.put<{ Body: OpenAiSettingsRequest; Headers: { 'if-match'?: string } }>(
      '/v1/openai-settings',
      {
        config: { policy: { kind: 'scope', scope: 'tasks:write' } },
        schema: {
          summary: 'Say how tasks answer under /openai/v1',
          body: { $ref: 'OpenAiSettingsRequest#' },
          response: { 200: { $ref: 'OpenAiSettings#' } },
        },
      },
      async ({ principal, body, headers, id }, reply) => {
        const stored = await settings.put(principal, body, headers['if-match'], id);
        reply.header('ETag', openAiSettingsEtag(stored));
        return present(stored);
      },
    );
  };
}
