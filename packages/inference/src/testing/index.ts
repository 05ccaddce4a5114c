export { type EchoArtifact, echoArtifact, echoProbabilities } from './echo-runtime.ts';
export { hostProcesses, isRunning, residentBytes, threadsOf } from './host-processes.ts';
export { modelRuntimeContract, type RuntimeUnderTest } from './model-runtime.contract.ts';
export { ECHO_RUNTIME, echoModel, startInference, UNRULY_RUNTIME, unrulyModel } from './serving.ts';
export { UNRULY, type UnrulyArtifact } from './unruly-runtime.ts';
