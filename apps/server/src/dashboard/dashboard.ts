import { type BackgroundBuild, buildInBackground } from '@understudy/dashboard';
import type { Logger } from '@understudy/kernel';
import { type BuiltFile, readBuiltFiles } from './built-files.ts';
import type { BuildState } from './waiting-page.ts';

/** The dashboard’s files, once they are built. The server does not wait for them, and works without them. */
export class Dashboard {
  readonly #logger: Logger;
  readonly #dataDir: string;
  #build: BackgroundBuild | null = null;
  #files: ReadonlyMap<string, BuiltFile> | null = null;
  #state: BuildState = { done: 0, phase: 'starting', failure: null };
  #stopped = false;

  constructor(options: { dataDir: string; logger: Logger }) {
    this.#dataDir = options.dataDir;
    this.#logger = options.logger;
  }

  /** Null while they are being built, and when that failed. */
  get files(): ReadonlyMap<string, BuiltFile> | null {
    return this.#files;
  }

  get state(): BuildState {
    return this.#state;
  }

  /** Builds in a process of low priority, or takes what an earlier start has built. */
  start(): void {
    const startedAt = performance.now();
    this.#build = buildInBackground({
      fallbackDir: this.#dataDir,
      onProgress: ({ done, phase }) => {
        this.#state = { done, phase, failure: null };
      },
    });
    this.#build.built
      .then((folder) => {
        this.#files = readBuiltFiles(folder);
        const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
        this.#logger.info({ folder, seconds }, 'the dashboard is ready');
      })
      .catch((error: unknown) => {
        if (this.#stopped) return;
        this.#state = { ...this.#state, failure: error instanceof Error ? error.message : String(error) };
        this.#logger.error({ err: error }, 'the dashboard could not be built; the API works without it');
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#build?.stop();
  }
}
