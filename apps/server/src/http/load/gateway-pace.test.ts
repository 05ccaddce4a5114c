import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayPace } from './gateway-pace.ts';

function scene() {
  const gateway = {
    lastRequestAt: Number.NEGATIVE_INFINITY,
    lastShedAt: Number.NEGATIVE_INFINITY,
    waitingRows: 0,
    writingMs: 2,
    writing: () => gateway.writingMs,
  };
  const process = { now: 10_000, lag: 0 };
  const pace = new GatewayPace(gateway, { now: () => process.now, lag: () => process.lag });
  /** Requests come for so many measurements. */
  const busy = (measurements: number, lag: number) => {
    process.lag = lag;
    let share = 0;
    for (let i = 0; i < measurements; i++) {
      process.now += 50;
      gateway.lastRequestAt = process.now;
      share = pace.share();
    }
    return share;
  };
  return { gateway, process, pace, busy };
}

test('where nobody asks, background work takes all', () => {
  assert.equal(scene().pace.share(), 1);
});

test('the first requests meet small steps; they grow while nobody is kept waiting, and shrink fast when somebody is', () => {
  const { pace, gateway, process, busy } = scene();
  process.now += 100;
  gateway.lastRequestAt = process.now;
  const first = pace.share();
  assert.ok(first > 0 && first <= 0.1, `${first}`);
  assert.equal(busy(100, 0), 1);
  assert.ok(busy(3, 20) <= 0.25);
  assert.equal(busy(50, 20), 1 / 16);
});

test('while requests come there is a pause after each step, and none when nobody asks', () => {
  const { pace, gateway, process, busy } = scene();
  busy(1, 0);
  assert.equal(pace.share(), 0);
  process.now += 39;
  assert.equal(pace.share(), 0);
  process.now += 1;
  assert.ok(pace.share() > 0);
  gateway.lastRequestAt = Number.NEGATIVE_INFINITY;
  assert.deepEqual([pace.share(), pace.share()], [1, 1]);
});

test('when requests stop coming, it takes all again', () => {
  const { pace, process, busy } = scene();
  busy(50, 20);
  process.now += 501;
  assert.equal(pace.share(), 1);
});

test('while requests are turned away, or their rows queue, it takes nothing, but is not starved', () => {
  const { pace, gateway, process } = scene();
  const steps = (seconds: number) => {
    let taken = 0;
    for (const end = process.now + seconds * 1000; process.now < end; process.now += 50) {
      gateway.lastShedAt = process.now;
      if (pace.share() > 0) taken++;
    }
    return taken;
  };
  assert.equal(steps(1.9), 0);
  assert.equal(steps(20), 10);
  process.now += 1_001;
  assert.equal(pace.share(), 1);
  gateway.waitingRows = 10_000;
  assert.equal(pace.share(), 0);
});

test('steps shrink while the rows of requests wait for the workspace’s log', () => {
  const { gateway, busy } = scene();
  assert.equal(busy(100, 0), 1);
  gateway.writingMs = 40;
  assert.equal(busy(50, 0), 1 / 16);
  gateway.writingMs = 2;
  assert.equal(busy(100, 0), 1);
});
