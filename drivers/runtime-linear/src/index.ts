import { LinearRuntime } from './linear-runtime.ts';

export { LinearRuntime };

/** What a model host imports by this module’s URL. */
export const runtime = new LinearRuntime();
