import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GradientLimit, type GradientOptions } from './gradient-limit.ts';

interface Load {
  seconds: number;
  /** Requests a second. */
  rate: number;
  /** Milliseconds that an answer takes when it need not wait. */
  serviceMs: number;
}

/** What one second of the simulation saw. */
interface Second {
  answered: number;
  refused: number;
  slowestMs: number;
  limit: number;
}

/**
 * A server with so many places: a request takes its service time in one of them, after waiting for one. Simulated
 * in steps of a tenth of a millisecond; arrivals are evenly spaced, so that every run is the same.
 */
class SimulatedServer {
  readonly #limit: GradientLimit;
  readonly #places: number[];
  /** Ends of what is under way, as a queue a place: [arrived, ends]. */
  #underWay: { arrived: number; ends: number }[] = [];
  #now = 0;
  #owed = 0;

  constructor(places: number, options: GradientOptions) {
    this.#places = Array.from({ length: places }, () => 0);
    this.#limit = new GradientLimit(options);
  }

  run({ seconds, rate, serviceMs }: Load): Second[] {
    return Array.from({ length: seconds }, () => {
      const second: Second = { answered: 0, refused: 0, slowestMs: 0, limit: 0 };
      for (const end = this.#now + 1000; this.#now < end; this.#now += 0.1) {
        this.#finish(second);
        for (this.#owed += rate / 10_000; this.#owed >= 1; this.#owed--) this.#arrive(serviceMs, second);
      }
      second.limit = this.#limit.limit;
      return second;
    });
  }

  #arrive(serviceMs: number, second: Second): void {
    if (this.#underWay.length >= this.#limit.limit) {
      this.#limit.refuse();
      second.refused++;
      return;
    }
    // The place that is free first.
    let place = 0;
    for (let i = 1; i < this.#places.length; i++) if (this.#places[i]! < this.#places[place]!) place = i;
    const ends = Math.max(this.#now, this.#places[place]!) + serviceMs;
    this.#places[place] = ends;
    this.#underWay.push({ arrived: this.#now, ends });
  }

  #finish(second: Second): void {
    const inFlight = this.#underWay.length;
    const over = this.#underWay.filter(({ ends }) => ends <= this.#now);
    if (over.length === 0) return;
    this.#underWay = this.#underWay.filter(({ ends }) => ends > this.#now);
    for (const { arrived } of over) {
      const took = this.#now - arrived;
      second.answered++;
      second.slowestMs = Math.max(second.slowestMs, took);
      this.#limit.observe(this.#now, took, inFlight);
    }
  }
}

/** Ten places of 5 ms: 2,000 answers a second at the most. */
const server = () => new SimulatedServer(10, { initial: 20, least: 4, most: 500 });
const PEAK = 2000;
const last = (seconds: Second[], count: number) => seconds.slice(-count);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('below its capacity nothing is turned away', () => {
  const seconds = server().run({ seconds: 20, rate: PEAK * 0.8, serviceMs: 5 });
  assert.equal(
    seconds.reduce((sum, { refused }) => sum + refused, 0),
    0,
  );
});

test('five times overloaded: as much is answered as at the peak, and nobody waits long', () => {
  const simulated = server();
  simulated.run({ seconds: 10, rate: PEAK / 2, serviceMs: 5 });
  const seconds = last(simulated.run({ seconds: 60, rate: PEAK * 5, serviceMs: 5 }), 50);
  for (const { answered, slowestMs } of seconds) {
    assert.ok(answered >= PEAK * 0.95, `${answered} answers a second`);
    assert.ok(slowestMs <= 50, `${slowestMs} ms`);
  }
});

test('an overload that lasts for minutes does not become the usual', () => {
  const simulated = server();
  simulated.run({ seconds: 10, rate: PEAK / 2, serviceMs: 5 });
  const seconds = simulated.run({ seconds: 300, rate: PEAK * 3, serviceMs: 5 });
  assert.ok(mean(last(seconds, 20).map(({ slowestMs }) => slowestMs)) <= 80, JSON.stringify(last(seconds, 1)));
});

test('after the overload everything is answered again at once', () => {
  const simulated = server();
  simulated.run({ seconds: 10, rate: PEAK / 2, serviceMs: 5 });
  simulated.run({ seconds: 30, rate: PEAK * 5, serviceMs: 5 });
  const calm = simulated.run({ seconds: 10, rate: PEAK * 0.5, serviceMs: 5 });
  assert.equal(calm[0]!.refused, 0);
  assert.ok(calm[1]!.slowestMs <= 10, `${calm[1]!.slowestMs} ms`);
});

test('a server that has become four times slower is loaded to what it can do now', () => {
  const simulated = server();
  simulated.run({ seconds: 20, rate: PEAK * 0.5, serviceMs: 5 });
  // At once more is asked than it can do, then it goes on at its new speed.
  const seconds = last(simulated.run({ seconds: 60, rate: PEAK, serviceMs: 20 }), 20);
  for (const { answered } of seconds) assert.ok(answered >= (PEAK / 4) * 0.9, `${answered} answers a second`);
});

test('the limit stays within its bounds, and does not move while there is little to do', () => {
  const limit = new GradientLimit({ initial: 50, least: 10, most: 60 });
  let now = 0;
  const feed = (tookMs: number, inFlight: number, samples: number) => {
    for (let i = 0; i < samples; i++) {
      now += 10;
      limit.observe(now, tookMs, inFlight);
    }
  };
  feed(5, 3, 2000);
  assert.equal(limit.limit, 50);
  assert.ok(Math.abs(limit.usualMs - 5) < 1e-6);
  feed(5, 50, 2000);
  assert.equal(limit.limit, 60);
  feed(5000, 60, 500);
  assert.equal(limit.limit, 10);
});

test('too few samples are no measurement, however long they take', () => {
  const limit = new GradientLimit({ initial: 50, least: 10, most: 60 });
  limit.observe(0, 5, 50);
  for (let i = 1; i < 9; i++) limit.observe(i * 1000, 5000, 50);
  assert.deepEqual([limit.limit, limit.usualMs], [50, 0]);
});
