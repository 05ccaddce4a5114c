import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { inferenceErrors } from './errors.ts';
import { Inference, type InferenceOptions, type ServableModel } from './inference.ts';
import {
  ECHO_RUNTIME,
  type EchoArtifact,
  echoArtifact,
  hostProcesses,
  isRunning,
  residentBytes,
  threadsOf,
  UNRULY,
  UNRULY_RUNTIME,
  type UnrulyArtifact,
} from './testing/index.ts';

const LABELS = ['even', 'odd'];

const echo = (key: string, artifact: Partial<EchoArtifact> = {}): ServableModel => ({
  key,
  format: 'echo/1',
  read: async () => echoArtifact({ labels: LABELS, ...artifact }),
});

const unruly = (key: string, artifact: Partial<UnrulyArtifact> = {}): ServableModel => ({
  key,
  format: 'unruly/1',
  read: async () => Buffer.from(JSON.stringify({ labels: LABELS, ...artifact })),
});

function start(options: Partial<InferenceOptions> = {}): Inference {
  return new Inference({
    runtimes: [ECHO_RUNTIME, UNRULY_RUNTIME],
    hosts: 1,
    maxModelBytes: 64 * 2 ** 20,
    timeoutMs: 20_000,
    clock: new FakeClock(),
    logger: silentLogger,
    ...options,
  });
}

const code = (expected: string) => (error: unknown) => {
  assert.equal((error as { code?: string }).code, expected, String(error));
  return true;
};

/** Waits for what other processes do. The test's own time limit is the bound. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await delay(10);
}

describe('a model that behaves', () => {
  let inference: Inference;
  before(() => {
    inference = start();
  });
  after(() => inference.close());

  test('answers with its labels and their probabilities', async () => {
    const { labels, probabilities, microseconds } = await inference.predict(echo('a'), 'abc');
    assert.deepEqual(labels, LABELS);
    assert.deepEqual([...probabilities], [...Float32Array.of(0.1, 0.9)]);
    assert.ok(microseconds > 0);
  });

  test('answers many callers each with their own row', async () => {
    const texts = Array.from({ length: 700 }, (_, index) => 'é'.repeat(index % 9));
    const answers = await Promise.all(texts.map((text) => inference.predict(echo('a'), text)));
    for (const [index, { probabilities }] of answers.entries()) {
      assert.equal(probabilities[texts[index]!.length % 2], Math.fround(0.9));
    }
  });

  test('explains, and refuses to explain a label that it does not have', async () => {
    const explanation = await inference.explain(echo('a'), 'abc', 'odd', 10);
    assert.deepEqual([explanation.label, explanation.score], ['odd', 3]);
    await assert.rejects(inference.explain(echo('a'), 'abc', 'purple', 10), RangeError);
  });

  test('sheds what its queue cannot hold', async () => {
    const asked = Array.from({ length: 2100 }, () => inference.predict(echo('a'), 'x'));
    const outcomes = await Promise.allSettled(asked);
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(rejected.length, 100);
    assert.ok(code('model_overloaded')(rejected[0]!.reason) && rejected[0]!.reason.retryAfterSeconds > 0);
  });
});

describe('loading', () => {
  let inference: Inference;
  before(() => {
    inference = start({ timeoutMs: 1000 });
  });
  after(() => inference.close());

  test('two loads at once read and load once', async () => {
    let reads = 0;
    const model = { ...echo('once'), read: async () => echoArtifact({ labels: [...LABELS, `read ${++reads}`] }) };
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
    const model = { ...echo('digest'), read };
    await assert.rejects(inference.predict(model, 'x'), code('model_artifact_invalid'));
    await assert.rejects(inference.prepare(model), code('model_artifact_invalid'));
    broken = false;
    await inference.prepare(model);
    await inference.predict(model, 'x');
  });

  test('what a runtime refuses, cannot read or has never heard of is not a valid artifact', async () => {
    await assert.rejects(inference.prepare(unruly('refused', { load: 'refuses' })), code('model_artifact_invalid'));
    const nonsense = { ...echo('nonsense'), read: async () => Buffer.from('{') };
    await assert.rejects(inference.prepare(nonsense), code('model_artifact_invalid'));
    await assert.rejects(inference.prepare({ ...echo('format'), format: 'x/9' }), code('model_artifact_invalid'));
    await assert.rejects(inference.prepare(unruly('throwing', { load: 'throws' })), code('model_unavailable'));
  });

  test('a model unloaded while it loads answers who waits for it, and leaves no thread behind', async () => {
    const loading = inference.predict(echo('brief', { ballastBytes: 50 * 2 ** 20 }), 'x');
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
    await inference.prepare(echo('brief'));
    await inference.unload('brief');
    assert.equal(threads(), before);
  });

  test('unloading answers what is under way first', async () => {
    const model = echo('leaving');
    const asked = Array.from({ length: 300 }, () => inference.predict(model, 'x'));
    await inference.unload('leaving');
    assert.equal((await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected').length, 0);
  });

  test('loading and unloading give the memory back', async () => {
    const cycle = async () => {
      await inference.predict(echo('heavy', { ballastBytes: 20 * 2 ** 20 }), 'x');
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
    const other = start({ clock });
    try {
      await Promise.all([other.predict(echo('idle'), 'x'), other.predict(echo('busy'), 'x')]);
      clock.advance(16 * 60_000);
      await other.predict(echo('busy'), 'x');
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

describe('a model that misbehaves', () => {
  test('one that loops is ended at its time limit and holds up nobody else', async () => {
    const inference = start({ timeoutMs: 1000 });
    try {
      const [looping, good] = [unruly('looping'), echo('good')];
      await Promise.all([inference.prepare(looping), inference.prepare(good)]);
      const [host] = hostProcesses();
      const order: string[] = [];
      const stuck = inference.predict(looping, UNRULY.loops).catch((error) => {
        order.push('looping');
        return error;
      });
      for (let i = 0; i < 20; i++) await inference.predict(good, 'x');
      order.push('good');
      const error = await stuck;
      assert.deepEqual(order, ['good', 'looping']);
      assert.ok(code('model_unavailable')(error) && /1000 ms/.test(error.message));
      assert.deepEqual((await inference.predict(looping, 'x')).labels, LABELS);
      assert.deepEqual(hostProcesses(), [host]);
      assert.equal(inference.status().find(({ key }) => key === 'good')?.strikes, 0);
    } finally {
      await inference.close();
    }
  });

  test('what waits behind a loop is asked again when the loop is over', async () => {
    const inference = start({ timeoutMs: 500 });
    try {
      const model = unruly('m');
      await inference.prepare(model);
      const stuck = assert.rejects(inference.predict(model, UNRULY.neverAnswers), code('model_unavailable'));
      await new Promise((resolve) => setImmediate(resolve)); // the loop goes out by itself, the next item behind it
      const behind = inference.predict(model, 'x');
      await stuck;
      assert.deepEqual((await behind).labels, LABELS);
    } finally {
      await inference.close();
    }
  });

  test('one that throws fails by itself, and says nothing of its insides', async () => {
    const inference = start();
    try {
      const texts = ['a', 'bb', UNRULY.throws, 'ccc', UNRULY.answersTooLittle];
      const asked = texts.slice(0, 4).map((text) => inference.predict(unruly('m'), text));
      const outcomes = await Promise.allSettled(asked);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      );
      const { reason } = outcomes[2] as PromiseRejectedResult;
      assert.ok(code('model_unavailable')(reason) && !/secret|THROW/.test(reason.message));
      await assert.rejects(inference.predict(unruly('m'), UNRULY.answersTooLittle), code('model_unavailable'));
    } finally {
      await inference.close();
    }
  });

  test('one that fills its heap or ends its thread loses its thread only', async () => {
    const inference = start();
    try {
      const good = echo('good');
      await inference.prepare(good);
      const [host] = hostProcesses();
      for (const text of [UNRULY.fillsTheHeap, UNRULY.endsItsThread]) {
        await assert.rejects(inference.predict(unruly('m'), text), code('model_unavailable'));
        assert.deepEqual((await inference.predict(unruly('m'), 'x')).labels, LABELS);
      }
      assert.deepEqual(hostProcesses(), [host]);
    } finally {
      await inference.close();
    }
  });

  test('one that takes the process down takes nobody’s answer with it, and then gets a process of its own', async () => {
    const inference = start();
    try {
      const [bad, good] = [unruly('bad'), unruly('good')];
      await Promise.all([inference.prepare(bad), inference.prepare(good)]);
      const crash = assert.rejects(inference.predict(bad, UNRULY.abortsTheProcess), code('model_unavailable'));
      const others = Array.from({ length: 50 }, () => inference.predict(good, 'xx'));
      await crash;
      for (const { probabilities } of await Promise.all(others)) assert.equal(probabilities[0], Math.fround(0.9));
      await Promise.all([inference.predict(good, 'x'), inference.predict(bad, 'x')]);
      const before = hostProcesses();
      assert.equal(before.length >= 2, true);
      await assert.rejects(inference.predict(bad, UNRULY.abortsTheProcess), code('model_unavailable'));
      await inference.predict(good, 'x');
      assert.ok(
        hostProcesses().some((pid) => before.includes(pid)),
        'the good model stayed where it was',
      );
    } finally {
      await inference.close();
    }
  });

  test('one that takes more memory than it may loses its process before the machine loses its memory', async () => {
    const inference = start();
    try {
      await assert.rejects(inference.predict(unruly('bad'), UNRULY.fillsBuffers), code('model_unavailable'));
      assert.deepEqual((await inference.predict(echo('good'), 'x')).labels, LABELS);
    } finally {
      await inference.close();
    }
  });

  test('its circuit opens after five failures in a row, and closes by the first answer after a rest', async () => {
    const inference = start();
    try {
      const model = unruly('m');
      for (let i = 0; i < 5; i++) await assert.rejects(inference.predict(model, UNRULY.throws), /failed on this input/);
      await assert.rejects(inference.predict(model, 'x'), /rests for a moment/);
      let answered = false;
      while (!answered) {
        answered = await inference.predict(model, 'x').then(
          () => true,
          () => delay(50, false),
        );
      }
      await inference.predict(model, 'x');
    } finally {
      await inference.close();
    }
  });

  test('a hundred runs that loop, exhaust memory, end threads or abort leave a gateway that answers', async () => {
    const inference = start({ timeoutMs: 250, hosts: 2 });
    try {
      const misdeeds = [
        UNRULY.loops,
        UNRULY.fillsTheHeap,
        UNRULY.endsItsThread,
        UNRULY.abortsTheProcess,
        UNRULY.throws,
      ];
      const bursts = Array.from({ length: 20 }, (_, burst) => ({
        key: `bad-${burst % 8}`,
        text: misdeeds[burst % 5]!,
      }));
      let failed = 0;
      const worker = async () => {
        for (let burst = bursts.pop(); burst !== undefined; burst = bursts.pop()) {
          const { key, text } = burst;
          const runs = Array.from({ length: 5 }, () => inference.predict(unruly(key), text));
          for (const outcome of await Promise.allSettled(runs)) {
            assert.ok(outcome.status === 'rejected' && code('model_unavailable')(outcome.reason));
            failed++;
          }
          if (key === 'bad-7') await inference.unload(key);
        }
      };
      await Promise.all([worker(), worker()]);
      assert.equal(failed, 100);
      assert.deepEqual((await inference.predict(echo('good'), 'x')).labels, LABELS);
    } finally {
      await inference.close();
    }
    assert.deepEqual(hostProcesses(), []);
  });
});

describe('ending', () => {
  test('close() leaves no process, and rejects what is under way and what comes after', async () => {
    const inference = start();
    await inference.prepare(unruly('m'));
    const stuck = assert.rejects(inference.predict(unruly('m'), UNRULY.loops), code('model_unavailable'));
    await new Promise((resolve) => setImmediate(resolve));
    await inference.close();
    await stuck;
    assert.deepEqual(hostProcesses(), []);
    await assert.rejects(inference.predict(unruly('m'), 'x'), code('model_unavailable'));
    assert.deepEqual(hostProcesses(), []);
  });

  test('a host that is killed is replaced by the next use', async () => {
    const inference = start();
    try {
      await inference.predict(echo('m'), 'x');
      const [host] = hostProcesses();
      process.kill(host!, 'SIGKILL');
      await until(() => !isRunning(host!));
      assert.deepEqual((await inference.predict(echo('m'), 'x')).labels, LABELS);
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
