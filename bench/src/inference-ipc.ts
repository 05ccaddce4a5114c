import { Inference } from '@understudy/inference';
import { ECHO_RUNTIME, echoArtifact } from '@understudy/inference/testing';
import { silentLogger, systemClock } from '@understudy/kernel';

/** What serving costs without a model: batching, frames and two hops between processes, per item. */
const CALLERS = 64;
const SECONDS = 3;

const inference = new Inference({
  runtimes: [ECHO_RUNTIME],
  hosts: 1,
  maxModelBytes: 64 * 2 ** 20,
  timeoutMs: 5000,
  clock: systemClock,
  logger: silentLogger,
});
const artifact = echoArtifact({ labels: ['ok', 'spam', 'toxic'] });
const model = { key: 'bench', format: 'echo/1', read: async () => artifact };
const text = 'My card has not arrived yet and I ordered it two weeks ago, what should I do?';
await inference.prepare(model);

async function measure(callers: number, seconds: number): Promise<{ items: number; cpuMicroseconds: number }> {
  const end = performance.now() + seconds * 1000;
  const before = process.cpuUsage();
  let items = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await inference.predict(model, text);
      items++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(before);
  return { items, cpuMicroseconds: user + system };
}

await measure(CALLERS, 0.5);
for (const callers of [1, CALLERS, 512]) {
  const { items, cpuMicroseconds } = await measure(callers, SECONDS);
  const rate = Math.round(items / SECONDS).toLocaleString('en');
  console.log(
    `${String(callers).padStart(4)} callers: ${rate} items/s, ${(cpuMicroseconds / items).toFixed(1)} µs of gateway CPU an item`,
  );
}
await inference.close();
