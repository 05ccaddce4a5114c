import { echoArtifact, runtime } from './echo-runtime.ts';
import { modelRuntimeContract } from './model-runtime.contract.ts';

const labels = ['a', 'b', 'c'];
modelRuntimeContract('the echo runtime', () => ({ runtime, artifact: echoArtifact({ labels }), labels }));
