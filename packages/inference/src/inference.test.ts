import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FakeClock } from '@understudy/kernel/testing';
import { inferenceErrors } from './errors.ts';
import type { Inference } from './inference.ts';
import { echoArtifact } from './testing/echo-runtime.ts';
import { hostProcesses, isRunning, residentBytes, threadsOf } from './testing/host-processes.ts';
import { echoModel, hasCode, LABELS, startInference, unrulyModel, until } from './testing/serving.ts';
import { UNRULY } from './testing/unruly-runtime.ts';

describe('a model that behaves', () => {
  let inference: Inference;
  before(() => {
    inference = startInference();
  });
  after(() => inference.close());

  test('answers with its labels and their probabilities', async () => {
    const { labels, probabilities, microseconds } = await inference.predict(echoModel('a'), 'abc');
    assert.deepEqual(labels, LABELS);
    assert.deepEqual([...probabilities], [...Float32Array.of(0.1, 0.9)]);
    assert.ok(microseconds > 0);
  });

  test('answers many callers each with their own row', async () => {
    const texts = Array.from({ length: 700 }, (_, index) => 'é'.repeat(index % 9));
    const answers = await Promise.all(texts.map((text) => inference.predict(echoModel('a'), text)));
    for (const [index, { probabilities }] of answers.entries()) {
      assert.equal(probabilities[texts[index]!.length % 2], Math.fround(0.9));
    }
  });

  test('explains, and refuses to explain a label that it does not have', async () => {
    const explanation = await inference.explain(echoModel('a'), 'abc', 'odd', 10);
    assert.deepEqual([explanation.label, explanation.score], ['odd', 3]);
    await assert.rejects(inference.explain(echoModel('a'), 'abc', 'purple', 10), RangeError);
  });

  test('sheds what its queue cannot hold', async () => {
    const asked = Array.from({ length: 2100 }, () => inference.predict(echoModel('a'), 'x'));
    const outcomes = await Promise.allSettled(asked);
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(rejected.length, 100);
    assert.ok(hasCode('model_overloaded')(rejected[0]!.reason) && rejected[0]!.reason.retryAfterSeconds > 0);
  });
});

describe('loading', () => {
  let inference: Inference;
  before(() => {
    inference = startInference({ timeoutMs: 1000 });
  });
  after(() => inference.close());

  test('two loads at once read and load once', async () => {
    let reads = 0;
    const model = { ...echoModel('once'), read: async () => echoArtifact({ labels: [...LABELS, `read ${++reads}`] }) };
    await Promise.all([inference.prepare(model), inference.prepare(model), inference.predict(model, 'x')]);
    assert.equal(reads, 1);
    assert.equal(inference.status().find(({ key }) => key === 'once')?.loaded, true);
  });

  test('a failure is told as it is and not kept', async () => {
    let broken = true;
    const read = async () => {
      if (broken) throw inferenceErrors.model_artifact_invalid('the digest does not match');
      return echoArtifact({ labels: LABELS });
    };
    const model = { ...echoModel('digest'), read };
    await assert.rejects(inference.predict(model, 'x'), hasCode('model_artifact_invalid'));
    await assert.rejects(inference.prepare(model), hasCode('model_artifact_invalid'));
    broken = false;
    await inference.prepare(model);
    await inference.predict(model, 'x');
  });

  test('what a runtime refuses, cannot read or has never heard of is not a valid artifact', async () => {
    await assert.rejects(
      inference.prepare(unrulyModel('refused', { load: 'refuses' })),
      hasCode('model_artifact_invalid'),
    );
    const nonsense = { ...echoModel('nonsense'), read: async () => Buffer.from('{') };
    await assert.rejects(inference.prepare(nonsense), hasCode('model_artifact_invalid'));
    await assert.rejects(
      inference.prepare({ ...echoModel('format'), format: 'x/9' }),
      hasCode('model_artifact_invalid'),
    );
    await assert.rejects(inference.prepare(unrulyModel('throwing', { load: 'throws' })), hasCode('model_unavailable'));
  });

  test('a model unloaded while it loads answers who waits for it, and leaves no thread behind', async () => {
    const loading = inference.predict(echoModel('brief', { ballastBytes: 50 * 2 ** 20 }), 'x');
    const unloading = inference.unload('brief');
    assert.equal(
      inference.status().some(({ key }) => key === 'brief'),
      false,
    );
    assert.deepEqual((await loading).labels, LABELS);
    await unloading;
    const [host] = hostProcesses();
    const threads = () => threadsOf(host!);
    const before = threads();
    await inference.prepare(echoModel('brief'));
    await inference.unload('brief');
    assert.equal(threads(), before);
  });

  test('unloading answers what is under way first', async () => {
    const model = echoModel('leaving');
    const asked = Array.from({ length: 300 }, () => inference.predict(model, 'x'));
    await inference.unload('leaving');
    assert.equal((await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected').length, 0);
  });

  test('loading and unloading give the memory back', async () => {
    const cycle = async () => {
      await inference.predict(echoModel('heavy', { ballastBytes: 20 * 2 ** 20 }), 'x');
      await inference.unload('heavy');
    };
    const [host] = hostProcesses();
    for (let i = 0; i < 3; i++) await cycle();
    const settled = residentBytes(host!);
    for (let i = 0; i < 20; i++) await cycle();
    assert.deepEqual(hostProcesses(), [host]);
    assert.ok(residentBytes(host!) - settled < 60 * 2 ** 20, `${settled} → ${residentBytes(host!)}`);
  });

  test('an idle model is unloaded, one in use is not', async () => {
    const clock = new FakeClock();
    const other = startInference({ clock });
    try {
      await Promise.all([other.predict(echoModel('idle'), 'x'), other.predict(echoModel('busy'), 'x')]);
      clock.advance(16 * 60_000);
      await other.predict(echoModel('busy'), 'x');
      other.sweep();
      assert.deepEqual(
        other.status().map(({ key }) => key),
        ['busy'],
      );
    } finally {
      await other.close();
    }
  });
});

describe('ending', () => {
  test('close() leaves no process, and rejects what is under way and what comes after', async () => {
    const inference = startInference();
    await inference.prepare(unrulyModel('m'));
    const stuck = assert.rejects(inference.predict(unrulyModel('m'), UNRULY.loops), hasCode('model_unavailable'));
    await new Promise((resolve) => setImmediate(resolve));
    await inference.close();
    await stuck;
    assert.deepEqual(hostProcesses(), []);
    await assert.rejects(inference.predict(unrulyModel('m'), 'x'), hasCode('model_unavailable'));
    assert.deepEqual(hostProcesses(), []);
  });

  test('a host that is killed is replaced by the next use', async () => {
    const inference = startInference();
    try {
      await inference.predict(echoModel('m'), 'x');
      const [host] = hostProcesses();
      process.kill(host!, 'SIGKILL');
      await until(() => !isRunning(host!));
      assert.deepEqual((await inference.predict(echoModel('m'), 'x')).labels, LABELS);
      assert.notDeepEqual(hostProcesses(), [host]);
    } finally {
      await inference.close();
    }
  });

  test('a gateway that is killed leaves no host behind', async () => {
    const entry = fileURLToPath(new URL('./testing/gateway-process.ts', import.meta.url));
    const gateway = spawn(process.execPath, ['--no-warnings', entry], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(gateway.stdout, 'data');
    const hosts = hostProcesses(gateway.pid!);
    assert.equal(hosts.length, 1);
    gateway.kill('SIGKILL');
    await once(gateway, 'exit');
    await until(() => !isRunning(hosts[0]!));
  });
});
