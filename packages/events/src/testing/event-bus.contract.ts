import assert from 'node:assert/strict';
import { after, afterEach, before, describe, type TestContext, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import type {
  BatchHandler,
  BusCapabilities,
  Capability,
  ConsumeOptions,
  EventBus,
  OutgoingMessage,
  Subscription,
} from '../event-bus.ts';
import { Collector, eventually, gate } from './collector.ts';

export interface EventBusUnderTest {
  bus: EventBus;
  /** The name of a fresh topic or queue that exists and is empty. */
  topic(): Promise<string>;
  /** Closes the bus and what stands behind it. */
  close(): Promise<void>;
  /** Cuts all connections between the bus and its system, which stays up. */
  disconnect?(): Promise<void>;
  /**
   * Takes the messages that a consumer of this group has in hand away from it, as an expired lease or a moved partition
   * does.
   */
  takeAway?(topic: string, group: string): Promise<void>;
  /** A name that {@link EventBus.publish} finds no topic for. Default `understudy.contract.missing.<n>`. */
  missing?(): string;
}

export interface ContractOptions {
  /** Longest that one test may take. Default 60,000. */
  timeoutMs?: number;
}

let counter = 0;
const next = (prefix: string) => `${prefix}-${process.pid}-${++counter}`;
const text = (value: string) => new TextEncoder().encode(value);

/** A message with an id of its own. */
function message(over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const id = next('msg');
  return { id, key: null, headers: { 'content-type': 'application/json' }, body: text(`{"id":"${id}"}`), ...over };
}

function messages(count: number, over: (index: number) => Partial<OutgoingMessage> = () => ({})): OutgoingMessage[] {
  return Array.from({ length: count }, (_, index) => message(over(index)));
}

const idsOf = (list: readonly { id: string | null }[]) => list.map(({ id }) => id ?? '');

/**
 * What every EventBus keeps to, against the real system. Nothing in it rests on how fast that is: tests wait for what
 * has to come and prove what must not come by something that comes after it. What a system cannot do is skipped with
 * the reason that its capabilities give.
 */
export function eventBusContract(
  name: string,
  open: () => Promise<EventBusUnderTest>,
  { timeoutMs = 60_000 }: ContractOptions = {},
): void {
  describe(`${name} keeps the EventBus contract`, { timeout: timeoutMs * 10 }, () => {
    const limit = { timeout: timeoutMs };
    let under: EventBusUnderTest;
    let bus: EventBus;
    let subscriptions: Subscription[] = [];
    before(async () => {
      under = await open();
      bus = under.bus;
    }, limit);
    afterEach(async () => {
      const open = subscriptions;
      subscriptions = [];
      await Promise.all(open.map((subscription) => subscription.close()));
    }, limit);
    after(() => under?.close(), limit);

    const consume = (topic: string, handler: BatchHandler, over: Partial<ConsumeOptions> = {}) => {
      const subscription = bus.consume({ topic, group: 'contract', ...over }, handler);
      subscriptions.push(subscription);
      return subscription;
    };
    /** Publishes and expects every message to be confirmed. */
    const publish = async (topic: string, list: readonly OutgoingMessage[]) => {
      const outcomes = await bus.publish(topic, list);
      assert.equal(outcomes.length, list.length);
      for (const outcome of outcomes) {
        if (!outcome.ok) throw outcome.error;
      }
    };
    /** Publishes as a relay does: again, with the same ids, until the system has confirmed everything. */
    const insist = async (topic: string, list: readonly OutgoingMessage[]) => {
      let open = [...list];
      await eventually(async () => {
        try {
          const outcomes = await bus.publish(topic, open);
          open = open.filter((_, index) => {
            const outcome = outcomes[index]!;
            assert.ok(outcome.ok || isRetryable(outcome.error), `refused: ${outcome.ok ? '' : outcome.error}`);
            return !outcome.ok;
          });
        } catch (error) {
          assert.ok(isRetryable(error), `not retryable: ${error}`);
        }
        return open.length === 0;
      });
    };
    const cannot = (t: TestContext, ...needed: (keyof BusCapabilities)[]): boolean => {
      for (const name of needed) {
        const capability = bus.capabilities[name] as Capability;
        if (capability === true) continue;
        t.skip(`${bus.capabilities.system}, ${name}: ${capability}`);
        return true;
      }
      return false;
    };

    test('says what it can', limit, async () => {
      const { system, maxBytes, ...rest } = bus.capabilities;
      assert.match(system, /^[a-z]+$/);
      assert.ok(maxBytes >= 128 * 1024, 'a decision with its evidence fits');
      for (const [name, value] of Object.entries(rest)) {
        assert.ok(value === true || (typeof value === 'string' && value.length > 10), `${name} needs a reason`);
      }
      await bus.ping();
    });

    test('confirmed messages wait for a group that begins later', limit, async () => {
      const topic = await under.topic();
      const sent = messages(5);
      assert.deepEqual(await bus.publish(topic, []), []);
      await publish(topic, sent);
      const collector = new Collector();
      consume(topic, collector.handle);
      await collector.all(idsOf(sent));
      for (const one of collector.messages) {
        assert.ok(one.at === null || Math.abs(one.at - Date.now()) < 3_600_000, 'a moment in ms');
      }
    });

    test('bytes, headers, key, ids and where to reply pass unchanged', limit, async () => {
      const topic = await under.topic();
      const sent = message({
        key: 'Kunde/7 ü',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          ce_type: 'com.example.comment',
          'correlation-id': 'corr-1',
          'reply-to': 'replies.of.mine',
        },
        body: text('{"text":"Grüße \u{1f600}\\u0000"}'),
      });
      const bare = message({ headers: {} });
      await publish(topic, [sent, bare]);
      const collector = new Collector();
      consume(topic, collector.handle);
      await collector.all([sent.id, bare.id]);
      const got = collector.messages.find(({ id }) => id === sent.id)!;
      assert.equal(got.key, sent.key);
      assert.deepEqual(Buffer.from(got.body), Buffer.from(sent.body));
      assert.deepEqual({ ...got.headers, ...sent.headers }, { ...got.headers }, 'each header as it was sent');
      assert.equal(got.correlationId, 'corr-1');
      assert.equal(got.replyTo, 'replies.of.mine');
      const other = collector.messages.find(({ id }) => id === bare.id)!;
      assert.deepEqual([other.key, other.correlationId, other.replyTo], [null, null, null]);
    });

    test('arbitrary bytes, an empty body and odd header values pass unchanged', limit, async (t) => {
      if (cannot(t, 'binary')) return;
      const topic = await under.topic();
      const bodies = [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, index) => index), text('\ufeff\u0000 ')];
      const headers = { 'x-words': 'Grüße \u{1f600}, "quoted"; a=b', 'x-empty': '', 'x-long': 'ü'.repeat(500) };
      const sent = bodies.map((body) => message({ body, headers }));
      await publish(topic, sent);
      const collector = new Collector();
      consume(topic, collector.handle);
      await collector.all(idsOf(sent));
      for (const [index, { id }] of sent.entries()) {
        const got = collector.messages.find((one) => one.id === id)!;
        assert.deepEqual(Buffer.from(got.body), Buffer.from(bodies[index]!));
        assert.deepEqual({ ...got.headers, ...headers }, { ...got.headers });
      }
    });

    test('messages of a key are handled in order, and never two at once', limit, async (t) => {
      if (cannot(t, 'ordering')) return;
      const topic = await under.topic();
      const sent = messages(120, (index) => ({ key: `key-${index % 7}` }));
      const collector = new Collector();
      const atWork = new Set<string>();
      let overlaps = 0;
      const handler: BatchHandler = async (batch) => {
        const keys = new Set(batch.messages.map(({ key }) => key!));
        for (const key of keys) {
          if (atWork.has(key)) overlaps++;
          atWork.add(key);
        }
        await new Promise((resolve) => setImmediate(resolve));
        for (const key of keys) atWork.delete(key);
        return collector.handle(batch);
      };
      for (let index = 0; index < 60; index += 20) await publish(topic, sent.slice(index, index + 20));
      consume(topic, handler, { batch: 9 });
      for (let index = 60; index < 120; index += 20) await publish(topic, sent.slice(index, index + 20));
      await collector.all(idsOf(sent));
      assert.equal(overlaps, 0);
      for (let key = 0; key < 7; key++) {
        const wanted = idsOf(sent.filter((one) => one.key === `key-${key}`));
        const got = collector.messages.filter((one) => one.key === `key-${key}`).map(({ id }) => id ?? '');
        assert.deepEqual(firstTimes(got), wanted);
      }
    });

    test('what a throwing handler got comes again, at the same place', limit, async () => {
      const topic = await under.topic();
      const sent = messages(4, () => ({ key: 'one' }));
      await publish(topic, sent);
      const collector = new Collector();
      let thrown = 0;
      consume(topic, async (batch) => {
        collector.note(batch);
        if (thrown++ < 2) throw new Error('not yet');
        return undefined;
      });
      await collector.until(({ ids }) => thrown > 2 && sent.every(({ id }) => ids.includes(id)));
      const first = idsOf(collector.batches[0]!);
      for (const id of first) assert.ok(collector.times(id) >= 3, `${id} came ${collector.times(id)} times`);
      for (const id of first) {
        const times = collector.messages.filter((one) => one.id === id);
        if (bus.capabilities.stablePlace === true) assert.equal(new Set(times.map(({ place }) => place)).size, 1);
        const { deliveries, redelivered } = times[2]!;
        if (deliveries !== null) assert.ok(deliveries >= 2 && redelivered, `${deliveries} deliveries`);
      }
      if (bus.capabilities.ordering === true) assert.deepEqual(firstTimes(collector.ids), idsOf(sent));
    });

    test('what was not acknowledged comes again to the next consumer of the group', limit, async () => {
      const topic = await under.topic();
      const sent = messages(3, () => ({ key: 'one' }));
      await publish(topic, sent);
      const failed = new Collector();
      const first = consume(topic, async (batch) => {
        failed.note(batch);
        throw new Error('this process dies');
      });
      await failed.until(({ batches }) => batches.length > 0);
      await first.close();
      const collector = new Collector();
      consume(topic, collector.handle);
      await collector.all(idsOf(sent));
    });

    test('what was acknowledged does not come again', limit, async () => {
      const topic = await under.topic();
      const sent = messages(6, () => ({ key: 'one' }));
      await publish(topic, sent);
      const first = new Collector();
      const subscription = consume(topic, first.handle);
      await first.all(idsOf(sent));
      await subscription.close();
      assert.equal(subscription.state, 'closed');
      const sentinel = message({ key: 'one' });
      await publish(topic, [sentinel]);
      const second = new Collector();
      consume(topic, second.handle);
      await second.all([sentinel.id]);
      assert.deepEqual(second.ids, [sentinel.id]);
    });

    test('a message named in retry comes again, and everything is done in the end', limit, async () => {
      const topic = await under.topic();
      const sent = messages(8, (index) => ({ key: `key-${index}` }));
      const poison = sent[3]!;
      await publish(topic, sent);
      const collector = new Collector();
      consume(topic, async (batch) => {
        collector.note(batch);
        const index = batch.messages.findIndex(({ id }) => id === poison.id);
        return index >= 0 && collector.times(poison.id) < 3 ? { retry: [index], afterMs: 20 } : undefined;
      });
      await collector.until((one) => one.times(poison.id) >= 3 && sent.every(({ id }) => one.ids.includes(id)));
    });

    test('retrying one message brings no other back and stops no other key', limit, async (t) => {
      if (cannot(t, 'selectiveRetry')) return;
      const topic = await under.topic();
      const sent = messages(8, (index) => ({ key: `key-${index}` }));
      const poison = sent[0]!;
      await publish(topic, sent);
      const collector = new Collector();
      let healed = false;
      consume(topic, async (batch) => {
        collector.note(batch);
        const index = batch.messages.findIndex(({ id }) => id === poison.id);
        return index >= 0 && !healed ? { retry: [index], afterMs: 20 } : undefined;
      });
      await collector.all(idsOf(sent));
      const later = messages(3, (index) => ({ key: `later-${index}` }));
      await publish(topic, later);
      await collector.all(idsOf(later));
      healed = true;
      const seen = collector.times(poison.id);
      await collector.until((one) => one.times(poison.id) > seen);
      for (const { id } of [...sent.slice(1), ...later]) assert.equal(collector.times(id), 1);
    });

    test('a message that waits for its retry holds back what follows it in its key', limit, async (t) => {
      if (cannot(t, 'selectiveRetry', 'ordering')) return;
      const topic = await under.topic();
      const sent = messages(6, () => ({ key: 'one' }));
      await publish(topic, sent);
      const done: string[] = [];
      const collector = new Collector();
      consume(
        topic,
        async (batch) => {
          collector.note(batch);
          // The first of a batch fails once, and the rest of its key with it, as a careful handler does.
          const fails = batch.messages.some(({ id }) => collector.times(id!) === 1 && id === sent[2]!.id);
          if (fails) return { retry: batch.messages.map((_, index) => index), afterMs: 20 };
          done.push(...idsOf(batch.messages));
          return undefined;
        },
        { batch: 1 },
      );
      await collector.all(idsOf(sent));
      assert.deepEqual(firstTimes(done), idsOf(sent));
    });

    test('each group gets every message', limit, async (t) => {
      if (cannot(t, 'groups')) return;
      const topic = await under.topic();
      const sent = messages(10);
      const one = new Collector();
      const other = new Collector();
      consume(topic, one.handle, { group: 'contract-one' });
      await publish(topic, sent);
      consume(topic, other.handle, { group: 'contract-other' });
      await Promise.all([one.all(idsOf(sent)), other.all(idsOf(sent))]);
    });

    test('a group that begins at the latest message gets only what comes after', limit, async (t) => {
      if (cannot(t, 'groups')) return;
      const topic = await under.topic();
      const old = messages(5);
      await publish(topic, old);
      const collector = new Collector();
      consume(topic, collector.handle, { group: 'contract-latest', from: 'latest' });
      // Where "latest" is shows only by what comes: until something does, there is more to come.
      await eventually(async () => {
        await publish(topic, [message()]);
        return collector.ids.length > 0;
      });
      for (const { id } of old) assert.equal(collector.times(id), 0);
    });

    test('consumers of a group share the messages, and one takes over what another leaves', limit, async () => {
      const topic = await under.topic();
      const one = new Collector();
      const other = new Collector();
      const first = consume(topic, one.handle, { batch: 10 });
      const second = consume(topic, other.handle, { batch: 10 });
      await eventually(() => first.state === 'running' && second.state === 'running');
      const sent = messages(200, (index) => ({ key: `key-${index % 40}` }));
      await publish(topic, sent);
      const seen = () => new Set([...one.ids, ...other.ids]);
      await eventually(() => sent.every(({ id }) => seen().has(id)));
      assert.ok(one.ids.length + other.ids.length < 2 * sent.length, 'shared, not each everything');
      await first.close();
      const rest = messages(40, (index) => ({ key: `key-${index}` }));
      await publish(topic, rest);
      await other.all(idsOf(rest));
    });

    test('a paused consumer takes nothing until it goes on', limit, async () => {
      const topic = await under.topic();
      const witnessTopic = await under.topic();
      const collector = new Collector();
      const witness = new Collector();
      const subscription = consume(topic, collector.handle);
      consume(witnessTopic, witness.handle);
      const before = message();
      await publish(topic, [before]);
      await collector.all([before.id]);
      subscription.pause();
      await eventually(() => subscription.state === 'paused');
      // What comes later through a consumer that runs shows that there was time.
      for (let round = 0; round < 3; round++) {
        await publish(topic, messages(3));
        const seen = message();
        await publish(witnessTopic, [seen]);
        await witness.all([seen.id]);
      }
      assert.deepEqual(collector.ids, [before.id]);
      subscription.resume();
      await collector.until(({ ids }) => new Set(ids).size === 10);
      await eventually(() => subscription.state === 'running');
    });

    test('the lag is what the group has not done', limit, async (t) => {
      if (cannot(t, 'lag')) return;
      const topic = await under.topic();
      const collector = new Collector();
      const subscription = consume(topic, collector.handle);
      const first = message();
      await publish(topic, [first]);
      await collector.all([first.id]);
      subscription.pause();
      await eventually(() => subscription.state === 'paused');
      const sent = messages(7);
      await publish(topic, sent);
      await eventually(async () => (await subscription.lag()) === 7);
      subscription.resume();
      await collector.all(idsOf(sent));
      await eventually(async () => (await subscription.lag()) === 0);
    });

    test('a slow handler is not flooded: bounded batches, one at a time', limit, async () => {
      const topic = await under.topic();
      const kilobyte = new Uint8Array(1024).fill(97);
      const sent = messages(150, (index) => ({ key: `key-${index % 5}`, body: kilobyte }));
      for (let index = 0; index < 150; index += 50) await publish(topic, sent.slice(index, index + 50));
      const collector = new Collector();
      let inHand = 0;
      let most = 0;
      let largest = 0;
      consume(
        topic,
        async (batch) => {
          inHand += batch.messages.length;
          most = Math.max(most, inHand);
          largest = Math.max(largest, batch.messages.length);
          await new Promise((resolve) => setImmediate(resolve));
          inHand -= batch.messages.length;
          return collector.handle(batch);
        },
        { batch: 20, bytes: 30 * 1024 },
      );
      await collector.all(idsOf(sent));
      assert.ok(largest <= 20, `a batch of ${largest}`);
      // "About": a driver may count what one partition holds; it may not hand over everything at once.
      assert.ok(most <= 100, `${most} in hand`);
    });

    test('closing finishes and acknowledges what is in hand', limit, async () => {
      const topic = await under.topic();
      const sent = messages(4, () => ({ key: 'one' }));
      await publish(topic, sent);
      const collector = new Collector();
      const started = gate();
      const release = gate();
      let finished = false;
      const subscription = consume(topic, async (batch) => {
        collector.note(batch);
        started.open();
        await release.opened;
        finished = true;
        return undefined;
      });
      await started.opened;
      const handled = new Set(collector.ids);
      const closing = subscription.close().then(() => assert.ok(finished, 'closed before the handler was done'));
      release.open();
      await closing;
      await subscription.close();
      for (const id of collector.ids) handled.add(id);
      const sentinel = message({ key: 'one' });
      await publish(topic, [sentinel]);
      const second = new Collector();
      consume(topic, second.handle);
      await second.all([sentinel.id, ...idsOf(sent).filter((id) => !handled.has(id))]);
      for (const id of second.ids) assert.ok(!handled.has(id), `${id} was done already`);
    });

    test('messages that are no longer ours abort the batch and come again', limit, async (t) => {
      if (under.takeAway === undefined) return t.skip('this system has no way to take messages away from outside');
      const topic = await under.topic();
      const sent = messages(3, () => ({ key: 'one' }));
      await publish(topic, sent);
      const collector = new Collector();
      const started = gate();
      let aborted = false;
      let first = true;
      consume(topic, async (batch) => {
        collector.note(batch);
        if (!first) return undefined;
        first = false;
        started.open();
        await new Promise((resolve) => batch.signal.addEventListener('abort', resolve, { once: true }));
        aborted = true;
        return undefined;
      });
      await started.opened;
      await under.takeAway(topic, 'contract');
      const takenAway = new Set(idsOf(collector.batches[0]!));
      await collector.until((one) => sent.every(({ id }) => one.times(id) >= (takenAway.has(id) ? 2 : 1)));
      assert.ok(aborted);
    });

    test('cut connections heal: nothing published or waiting is lost', limit, async (t) => {
      if (under.disconnect === undefined) return t.skip('nothing to cut');
      const topic = await under.topic();
      const collector = new Collector();
      const subscription = consume(topic, collector.handle, { batch: 10 });
      const sent = messages(60, (index) => ({ key: `key-${index % 3}` }));
      for (let index = 0; index < 60; index += 20) {
        await insist(topic, sent.slice(index, index + 10));
        await under.disconnect();
        await insist(topic, sent.slice(index + 10, index + 20));
      }
      await collector.all(idsOf(sent));
      await eventually(() => subscription.state === 'running');
      await eventually(() => bus.ping().then(...answered));
    });

    test('a topic that does not exist is told apart, and found when it is made', limit, async (t) => {
      if (cannot(t, 'missingTopic')) return;
      const topic = under.missing?.() ?? next('understudy.contract.missing');
      const collector = new Collector();
      const subscription = consume(topic, collector.handle);
      const code = await bus.publish(topic, [message()]).then(
        ([outcome]) => (outcome!.ok ? 'confirmed' : codeOf(outcome!.error)),
        (error: unknown) => codeOf(error),
      );
      assert.equal(code, 'bus_topic_not_found');
      await eventually(() => subscription.state === 'failing');
      assert.ok((subscription.problem ?? '').length > 0, 'says why');
      await bus.ensureTopic(topic);
      await bus.ensureTopic(topic);
      const sent = messages(2);
      await insist(topic, sent);
      await collector.all(idsOf(sent));
      assert.equal(subscription.problem, null);
    });

    test('a message that is too large is refused alone', limit, async () => {
      const topic = await under.topic();
      const huge = message({ body: new Uint8Array(bus.capabilities.maxBytes + 1) });
      const sent = [message(), huge, message()];
      const outcomes = await bus.publish(topic, sent);
      assert.deepEqual(
        outcomes.map((outcome) => (outcome.ok ? 'ok' : codeOf(outcome.error))),
        ['ok', 'bus_message_too_large', 'ok'],
      );
      const collector = new Collector();
      consume(topic, collector.handle);
      await collector.all([sent[0]!.id, sent[2]!.id]);
      assert.equal(collector.times(huge.id), 0);
    });

    test('many messages arrive, each', limit, async () => {
      const topic = await under.topic();
      const sent = messages(600, (index) => ({ key: `key-${index % 50}` }));
      const collector = new Collector();
      consume(topic, collector.handle);
      for (let index = 0; index < 600; index += 200) await publish(topic, sent.slice(index, index + 200));
      await collector.all(idsOf(sent));
    });

    // The last one: afterwards the bus is closed.
    test('closing the bus closes its subscriptions, and refuses what comes later', limit, async () => {
      const topic = await under.topic();
      const collector = new Collector();
      const sent = messages(3);
      const subscription = consume(topic, collector.handle);
      await publish(topic, sent);
      await collector.all(idsOf(sent));
      await Promise.all([bus.close(), bus.close()]);
      await bus.close();
      assert.equal(subscription.state, 'closed');
      await assert.rejects(bus.publish(topic, [message()]), { code: 'bus_unavailable' });
    });
  });
}

const answered = [() => true, () => false] as const;

function codeOf(error: unknown): string {
  return isUnderstudyError(error) ? error.code : String(error);
}

function isRetryable(error: unknown): boolean {
  return isUnderstudyError(error) && error.retryable;
}

/** Each value once, at its first place. */
function firstTimes(values: readonly string[]): string[] {
  return [...new Set(values)];
}
