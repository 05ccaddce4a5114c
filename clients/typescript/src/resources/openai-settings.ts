import type { OpenAiSettingsRequest, OpenAiSettings as Settings } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

const PATH = '/v1/openai-settings';

/** How tasks answer under `/openai/v1`: which labels are flagged, and which task is the default one. */
export class OpenAiSettings {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(options: CallOptions = {}): Promise<Settings> {
    return this.#transport.json({ ...options, method: 'GET', path: PATH });
  }

  /** The settings and their ETag, for an edit that must not overwrite somebody else's. */
  async getWithEtag(options: CallOptions = {}): Promise<{ settings: Settings; etag: string }> {
    const call = { ...options, method: 'GET', path: PATH } as const;
    const { body, etag } = await this.#transport.jsonWithEtag<Settings>(call);
    return { settings: body, etag };
  }

  /** Replaces them all; with `ifMatch` only when they are as this ETag says. */
  put(settings: OpenAiSettingsRequest, options: CallOptions & { ifMatch?: string } = {}): Promise<Settings> {
    const headers: Record<string, string> = options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch };
    return this.#transport.json({ ...options, method: 'PUT', path: PATH, json: settings, headers });
  }
}
