import { silentLogger, systemClock } from '@understudy/kernel';
import { Inference } from '../inference.ts';
import { echoArtifact } from './echo-runtime.ts';

/** A process that serves one model, says so, and then waits to be killed. */
const inference = new Inference({
  runtimes: [new URL('./echo-runtime.ts', import.meta.url).href],
  hosts: 1,
  maxModelBytes: 64 * 2 ** 20,
  timeoutMs: 5000,
  clock: systemClock,
  logger: silentLogger,
});
const model = { key: 'm', format: 'echo/1', read: async () => echoArtifact({ labels: ['a', 'b'] }) };
await inference.predict(model, 'hello');
process.stdout.write('serving\n');
setInterval(() => {}, 1000);
