export { type EchoArtifact, echoArtifact, echoProbabilities } from './echo-runtime.ts';
export { hostProcesses, isRunning, residentBytes, threadsOf } from './host-processes.ts';
export { UNRULY, type UnrulyArtifact } from './unruly-runtime.ts';

/** Module URLs for `InferenceOptions.runtimes`. */
export const ECHO_RUNTIME = new URL('./echo-runtime.ts', import.meta.url).href;
export const UNRULY_RUNTIME = new URL('./unruly-runtime.ts', import.meta.url).href;
