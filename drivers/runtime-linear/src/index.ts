import type { ModelRuntime } from '@understudy/inference';
import { LinearRuntime } from './linear-runtime.ts';

export { LinearRuntime };

/** What a model host imports from a runtime's module. */
export const runtime: ModelRuntime = new LinearRuntime();
