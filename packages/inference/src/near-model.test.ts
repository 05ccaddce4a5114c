import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { inferenceErrors } from './errors.ts';
import type { Inference } from './inference.ts';
import { echoArtifact, FAILS_HERE, runtime, tameRuntime } from './testing/echo-runtime.ts';
import { hostProcesses } from './testing/host-processes.ts';
import { echoModel, hasCode, LABELS, startInference, unrulyModel, until } from './testing/serving.ts';

let inference: Inference;
const start = () => {
  inference = startInference({ tame: [tameRuntime] });
};
afterEach(() => inference.close());

const memoryOf = (key: string) => inference.status().find((one) => one.key === key)!.memoryBytes;
const many = (n: number) => Array.from({ length: n }, (_, i) => inference.predict(echoModel('a'), 'x'.repeat(i % 7)));

test('a few short texts are answered without a host', async () => {
  start();
  await inference.prepare(echoModel('a'));
  assert.equal(inference.status()[0]!.loaded, true);
  const answers = await Promise.all(['', 'a', 'ab'].map((text) => inference.predict(echoModel('a'), text)));
  const high = answers.map(({ probabilities }) => LABELS[probabilities.indexOf(Math.fround(0.9))]);
  assert.deepEqual(high, ['even', 'odd', 'even']);
  assert.ok(answers.every(({ labels, microseconds }) => labels.length === 2 && microseconds > 0));
  assert.deepEqual(hostProcesses(), []);
});

test('the first large batch is answered here while the host starts, the next ones there, and all the same', async () => {
  start();
  const first = await Promise.all(many(200));
  await until(() => hostProcesses().length === 1);
  const ballast = 1 << 20;
  const model = echoModel('b', { ballastBytes: ballast });
  await inference.predict(model, 'x');
  assert.equal(memoryOf('b'), ballast, 'here');
  const big = () => Promise.all(Array.from({ length: 50 }, () => inference.predict(model, 'x')));
  await big();
  await until(() => memoryOf('b') === 2 * ballast);
  await big();
  const later = await Promise.all(many(200));
  for (const [i, { probabilities }] of later.entries()) {
    assert.deepEqual([...probabilities], [...first[i]!.probabilities]);
  }
});

test('long texts, explanations and other runtimes go to the host', async () => {
  start();
  await inference.predict(echoModel('a'), 'x'.repeat(60_000));
  assert.equal(hostProcesses().length, 1);
  assert.equal((await inference.explain(echoModel('a'), 'abc', 'odd', 10)).score, 3);
  assert.deepEqual((await inference.predict(unrulyModel('u'), 'x')).labels, LABELS);
});

test('what fails here is asked of the host', async () => {
  start();
  const answers = await Promise.all([FAILS_HERE, 'a'].map((text) => inference.predict(echoModel('a'), text)));
  assert.equal(answers[0]!.probabilities[FAILS_HERE.length % 2], Math.fround(0.9));
  assert.equal(hostProcesses().length, 1);
});

test('a runtime that does not call itself tame runs nothing here', async () => {
  inference = startInference({ tame: [runtime] });
  await inference.predict(echoModel('a'), 'x');
  assert.equal(hostProcesses().length, 1);
});

test('a damaged file is refused as it is, and a failure is not kept', async () => {
  start();
  let bytes: Uint8Array | null = Buffer.from('{');
  const read = async () => {
    if (bytes === null) throw inferenceErrors.model_artifact_invalid('the digest does not match');
    return bytes;
  };
  const model = { ...echoModel('a'), read };
  await assert.rejects(inference.prepare(model), hasCode('model_artifact_invalid'));
  bytes = null;
  await assert.rejects(inference.predict(model, 'x'), hasCode('model_artifact_invalid'));
  bytes = echoArtifact({ labels: LABELS });
  assert.deepEqual((await inference.predict(model, 'x')).labels, LABELS);
});

test('unloading answers what is under way, closes it here, and starts no host', async () => {
  start();
  const asked = inference.predict(echoModel('a', { ballastBytes: 1 << 20 }), 'x');
  await inference.unload('a');
  assert.deepEqual((await asked).labels, LABELS);
  assert.deepEqual(inference.status(), []);
  assert.deepEqual(hostProcesses(), []);
});

test('a file that keeps failing is not read for every batch', async () => {
  start();
  let reads = 0;
  const read = async () => {
    reads++;
    throw inferenceErrors.model_artifact_invalid('the digest does not match');
  };
  const model = { ...echoModel('a'), read };
  for (let i = 0; i < 8; i++) await assert.rejects(inference.predict(model, 'x'));
  assert.equal(reads, 5);
  await assert.rejects(inference.predict(model, 'x'), hasCode('model_unavailable'));
});
