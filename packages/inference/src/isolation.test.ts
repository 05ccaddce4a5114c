import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { hostProcesses } from './testing/host-processes.ts';
import { echoModel, hasCode, LABELS, startInference, unrulyModel } from './testing/serving.ts';
import { UNRULY } from './testing/unruly-runtime.ts';

test('one that loops is ended at its time limit and holds up nobody else', async () => {
  const inference = startInference({ timeoutMs: 1000 });
  try {
    const [looping, good] = [unrulyModel('looping'), echoModel('good')];
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
    assert.ok(hasCode('model_unavailable')(error) && /1000 ms/.test(error.message));
    assert.deepEqual((await inference.predict(looping, 'x')).labels, LABELS);
    assert.deepEqual(hostProcesses(), [host]);
    assert.equal(inference.status().find(({ key }) => key === 'good')?.strikes, 0);
  } finally {
    await inference.close();
  }
});

test('what waits behind a loop is asked again when the loop is over', async () => {
  const inference = startInference({ timeoutMs: 500 });
  try {
    const model = unrulyModel('m');
    await inference.prepare(model);
    const stuck = assert.rejects(inference.predict(model, UNRULY.neverAnswers), hasCode('model_unavailable'));
    await new Promise((resolve) => setImmediate(resolve)); // the loop goes out by itself, the next item behind it
    const behind = inference.predict(model, 'x');
    await stuck;
    assert.deepEqual((await behind).labels, LABELS);
  } finally {
    await inference.close();
  }
});

test('one that throws fails by itself, and says nothing of its insides', async () => {
  const inference = startInference();
  try {
    const texts = ['a', 'bb', UNRULY.throws, 'ccc', UNRULY.answersTooLittle];
    const asked = texts.slice(0, 4).map((text) => inference.predict(unrulyModel('m'), text));
    const outcomes = await Promise.allSettled(asked);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    const { reason } = outcomes[2] as PromiseRejectedResult;
    assert.ok(hasCode('model_unavailable')(reason) && !/secret|THROW/.test(reason.message));
    await assert.rejects(inference.predict(unrulyModel('m'), UNRULY.answersTooLittle), hasCode('model_unavailable'));
  } finally {
    await inference.close();
  }
});

test('one that fills its heap or ends its thread loses its thread only', async () => {
  const inference = startInference();
  try {
    const good = echoModel('good');
    await inference.prepare(good);
    const [host] = hostProcesses();
    for (const text of [UNRULY.fillsTheHeap, UNRULY.endsItsThread]) {
      await assert.rejects(inference.predict(unrulyModel('m'), text), hasCode('model_unavailable'));
      assert.deepEqual((await inference.predict(unrulyModel('m'), 'x')).labels, LABELS);
    }
    assert.deepEqual(hostProcesses(), [host]);
  } finally {
    await inference.close();
  }
});

test('one that takes the process down takes nobody’s answer with it, and then gets a process of its own', async () => {
  const inference = startInference();
  try {
    const [bad, good] = [unrulyModel('bad'), unrulyModel('good')];
    await Promise.all([inference.prepare(bad), inference.prepare(good)]);
    const crash = assert.rejects(inference.predict(bad, UNRULY.abortsTheProcess), hasCode('model_unavailable'));
    const others = Array.from({ length: 50 }, () => inference.predict(good, 'xx'));
    await crash;
    for (const { probabilities } of await Promise.all(others)) assert.equal(probabilities[0], Math.fround(0.9));
    await Promise.all([inference.predict(good, 'x'), inference.predict(bad, 'x')]);
    const before = hostProcesses();
    assert.equal(before.length >= 2, true);
    await assert.rejects(inference.predict(bad, UNRULY.abortsTheProcess), hasCode('model_unavailable'));
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
  const inference = startInference();
  try {
    await assert.rejects(inference.predict(unrulyModel('bad'), UNRULY.fillsBuffers), hasCode('model_unavailable'));
    assert.deepEqual((await inference.predict(echoModel('good'), 'x')).labels, LABELS);
  } finally {
    await inference.close();
  }
});

test('its circuit opens after five failures in a row, and closes by the first answer after a rest', async () => {
  const inference = startInference();
  try {
    const model = unrulyModel('m');
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
  const inference = startInference({ timeoutMs: 250, hosts: 2 });
  try {
    const misdeeds = [UNRULY.loops, UNRULY.fillsTheHeap, UNRULY.endsItsThread, UNRULY.abortsTheProcess, UNRULY.throws];
    const bursts = Array.from({ length: 20 }, (_, burst) => ({
      key: `bad-${burst % 8}`,
      text: misdeeds[burst % 5]!,
    }));
    let failed = 0;
    const worker = async () => {
      for (let burst = bursts.pop(); burst !== undefined; burst = bursts.pop()) {
        const { key, text } = burst;
        const runs = Array.from({ length: 5 }, () => inference.predict(unrulyModel(key), text));
        for (const outcome of await Promise.allSettled(runs)) {
          assert.ok(outcome.status === 'rejected' && hasCode('model_unavailable')(outcome.reason));
          failed++;
        }
        if (key === 'bad-7') await inference.unload(key);
      }
    };
    await Promise.all([worker(), worker()]);
    assert.equal(failed, 100);
    assert.deepEqual((await inference.predict(echoModel('good'), 'x')).labels, LABELS);
  } finally {
    await inference.close();
  }
  assert.deepEqual(hostProcesses(), []);
});
