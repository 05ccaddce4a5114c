/**
 * Items from the application's own broker, decided by a trained model, with the ledger row and the result message
 * committed, all on one durable PostgreSQL:
 *
 * - Kafka: messages a second from the first result to the last, beside the bare client that only reads the same
 *   messages; and from publish to result at half of that rate;
 * - RabbitMQ: the same, beside Celery (prefork, two processes, late acknowledgement) doing nothing but one result row.
 *
 *   node bench/src/brokers.ts [--messages 20000] [--seconds 10] [--only kafka,rabbitmq]
 *
 * Needs tests/components/install.sh, and bench/peers/install.sh for Celery.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import type { UnderstudyClient } from '@understudy/client';
import { startKafka, startRabbit } from '@understudy/components';
import { startEmbedded } from '@understudy/database-postgres';
import { connect } from 'amqplib';
import { Pool } from 'pg';
import { type Figure, keepResults } from './results.ts';
import {
  newOperatorKey,
  newWorkspace,
  removeFolder,
  startServerProcess,
  temporaryFolder,
  trainTask,
} from './server-process.ts';
import { findVenv } from './serving-peers.ts';
import { bracketed } from './spin-control.ts';
import { quantile } from './statistics.ts';
import { syntheticTexts } from './synthetic-texts.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: 'kafka,rabbitmq' },
  },
});
const MESSAGES = Number(values.messages);
const SECONDS = Number(values.seconds);
const only = new Set(values.only.split(','));
const TASK = 'inquiries';
const BATCH = 500;
const figures: Figure[] = [];
const undo: (() => unknown)[] = [];

const texts = syntheticTexts();
const bodyOf = (name: string) =>
  JSON.stringify({ comment: { id: name, body: texts.test[name.length % texts.test.length]!.text } });
const mapping = { input: { text: '$.comment.body' }, external_id: '$.comment.id' };

/** A broker as an application uses it. */
interface Application {
  makeTopics(...topics: string[]): Promise<void>;
  /** Resolves when all are confirmed. */
  publish(topic: string, names: readonly string[]): Promise<void>;
  /** Tells the name of each result that comes. */
  follow(topic: string, result: (name: string) => void): Promise<void>;
}

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

async function publishAll(application: Application, topic: string, all: readonly string[]): Promise<void> {
  for (let i = 0; i < all.length; i += BATCH) await application.publish(topic, all.slice(i, i + BATCH));
}

/** Results a second from the first to the last, of messages that wait in the topic before anybody reads them. */
async function rate(application: Application, client: UnderstudyClient, bus: string): Promise<number> {
  const [topic, results] = [`bench.${bus}.items`, `bench.${bus}.results`];
  await application.makeTopics(topic, results);
  await publishAll(application, topic, names('item', MESSAGES));
  let first = 0;
  let last = 0;
  const seen = new Set<string>();
  await application.follow(results, (name) => {
    if (seen.size === 0) first = performance.now();
    seen.add(name);
    last = performance.now();
  });
  await client.sources.put(bus, { bus, topic, task: TASK, mapping, reply_to: { topic: results } });
  while (seen.size < MESSAGES) await wait(20);
  return (seen.size - 1) / ((last - first) / 1000);
}

/** Milliseconds from publish to result at a steady pace, through a source of its own. */
async function latency(application: Application, client: UnderstudyClient, bus: string, perSecond: number) {
  const [topic, results] = [`bench.${bus}.steady`, `bench.${bus}.answers`];
  await application.makeTopics(topic, results);
  const sent = new Map<string, number>();
  const times: number[] = [];
  await application.follow(results, (name) => {
    const at = sent.get(name);
    if (at !== undefined && !name.startsWith('warm')) times.push(performance.now() - at);
    sent.delete(name);
  });
  const source = `${bus}-steady`;
  await client.sources.put(source, { bus, topic, task: TASK, mapping, reply_to: { topic: results } });
  while ((await client.sources.get(source)).state !== 'running') await wait(100);
  const every = 10;
  const each = Math.max(1, Math.round((perSecond * every) / 1000));
  const startedAt = performance.now();
  const warm = 3_000;
  let n = 0;
  for (let tick = 0; performance.now() - startedAt < warm + SECONDS * 1000; tick++) {
    const due = startedAt + tick * every;
    if (due > performance.now()) await wait(due - performance.now());
    const prefix = performance.now() - startedAt < warm ? 'warm' : 'item';
    const some = Array.from({ length: each }, () => `${prefix}-${n++}`);
    const now = performance.now();
    for (const name of some) sent.set(name, now);
    void application.publish(topic, some);
  }
  for (let i = 0; i < 300 && sent.size > 0; i++) await wait(100);
  if (sent.size > 0) throw new Error(`${sent.size} of ${n} messages have no result`);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function kafkaApplication(bootstrap: string): Promise<Application & { bare(topic: string): Promise<number> }> {
  const bootstrapBrokers = [bootstrap];
  const admin = new Admin({ clientId: 'bench-admin', bootstrapBrokers });
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers,
    serializers: stringSerializers,
    idempotent: true,
  });
  const consumers: Consumer<string, string, string, string>[] = [];
  undo.push(async () => {
    for (const consumer of consumers) await consumer.close(true).catch(() => {});
    await producer.close(true).catch(() => {});
    await admin.close().catch(() => {});
  });
  const read = async (topic: string, groupId: string, mode: 'earliest' | 'latest') => {
    const consumer = new Consumer({ groupId, clientId: groupId, bootstrapBrokers, deserializers: stringDeserializers });
    consumers.push(consumer);
    return consumer.consume({ topics: [topic], mode, autocommit: true, maxWaitTime: 20 });
  };
  // Publishing stays in order and idempotent: one call at a time.
  let sending: Promise<unknown> = Promise.resolve();
  return {
    async makeTopics(...topics) {
      await admin.createTopics({ topics, partitions: 6 });
      await wait(1000);
    },
    publish(topic, some) {
      const messages = some.map((name) => ({ topic, key: name, value: bodyOf(name), headers: { 'message-id': name } }));
      const sent = sending.then(() => producer.send({ messages }));
      sending = sent;
      return sent.then(() => {});
    },
    async follow(topic, result) {
      const stream = await read(topic, `follow-${topic}`, 'earliest');
      stream.on('data', (message) => result((JSON.parse(message.value) as { external_id: string }).external_id));
    },
    async bare(topic) {
      const stream = await read(topic, 'bare', 'earliest');
      let count = 0;
      let first = 0;
      return new Promise((resolve) => {
        stream.on('data', () => {
          if (count++ === 0) first = performance.now();
          if (count === MESSAGES) resolve((MESSAGES - 1) / ((performance.now() - first) / 1000));
        });
      });
    },
  };
}

async function rabbitApplication(url: string): Promise<Application> {
  const connection = await connect(url);
  connection.on('error', () => {});
  undo.push(() => connection.close().catch(() => {}));
  const channel = await connection.createConfirmChannel();
  return {
    async makeTopics(...queues) {
      for (const queue of queues) {
        await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      }
    },
    async publish(queue, some) {
      for (const name of some) {
        const options = { messageId: name, contentType: 'application/json', persistent: true };
        channel.sendToQueue(queue, Buffer.from(bodyOf(name)), options);
      }
      await channel.waitForConfirms();
    },
    async follow(queue, result) {
      const reading = await connection.createChannel();
      await reading.prefetch(1000);
      await reading.consume(queue, (message) => {
        if (message === null) return;
        result((JSON.parse(message.content.toString()) as { external_id: string }).external_id);
        reading.ack(message);
      });
    },
  };
}

/** Tasks a second from the first row to the last. */
async function celery(venv: string, broker: string, database: string, owner: Pool): Promise<number> {
  const count = Math.min(MESSAGES, 10_000);
  await owner.query(
    'CREATE TABLE IF NOT EXISTS peer_results (name text, label text, at timestamptz NOT NULL DEFAULT clock_timestamp())',
  );
  const cwd = fileURLToPath(new URL('../peers', import.meta.url));
  const env = { PATH: process.env.PATH, PEER_BROKER: broker, PEER_DATABASE: database, PYTHONDONTWRITEBYTECODE: '1' };
  execFileSync(join(venv, 'bin', 'python'), ['celery_peer.py', 'send', String(count)], { cwd, env });
  const args = ['--app', 'celery_peer', 'worker', '--concurrency', '2', '--loglevel', 'ERROR', '--without-gossip'];
  const worker = spawn(join(venv, 'bin', 'celery'), [...args, '--without-mingle', '--without-heartbeat'], {
    ...{ cwd, env, stdio: 'ignore', detached: true },
  });
  try {
    for (;;) {
      const { rows } = await owner.query<{ n: number; seconds: number }>(
        'SELECT count(*)::int AS n, extract(epoch FROM max(at) - min(at))::float8 AS seconds FROM peer_results',
      );
      if (rows[0]!.n >= count) return (count - 1) / rows[0]!.seconds;
      await wait(100);
    }
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
}

try {
  const databaseDir = temporaryFolder('brokers-database');
  undo.push(() => removeFolder(databaseDir));
  const embedded = await startEmbedded({ dataDir: databaseDir });
  undo.push(() => embedded.stop());
  const owner = new Pool({ connectionString: embedded.url, max: 2 });
  owner.on('error', () => {});
  undo.push(() => owner.end());
  const kafka = only.has('kafka') ? await startKafka() : null;
  undo.push(() => kafka?.close());
  const rabbit = only.has('rabbitmq') ? await startRabbit() : null;
  undo.push(() => rabbit?.stop());
  const dataDir = temporaryFolder('brokers');
  undo.push(() => removeFolder(dataDir));
  const buses = { ...(kafka && { kafka: kafka.url }), ...(rabbit && { rabbitmq: rabbit.url }) };
  const operatorKey = newOperatorKey();
  const settings = { DATABASE_URL: embedded.url, UNDERSTUDY_BUSES: JSON.stringify(buses) };
  const server = await startServerProcess({ dataDir, operatorKey, settings });
  undo.push(() => server.stop());
  const { client } = await newWorkspace(server.url, operatorKey);
  await trainTask(client, TASK, texts.train);

  const measure = async (bus: string, application: Application) => {
    const peak = await bracketed(`${bus}, backlog`, () => rate(application, client, bus));
    figures.push({ name: `${bus}: decided and answered a second`, value: peak.toFixed(0) });
    const { p50, p99 } = await bracketed(`${bus}, steady`, () => latency(application, client, bus, peak / 2));
    figures.push({
      name: `${bus}: publish to result at ${(peak / 2).toFixed(0)}/s, p50 · p99`,
      value: `${p50.toFixed(1)} ms · ${p99.toFixed(1)} ms`,
      ...(bus === 'kafka' ? { target: 'p99 ≤ 50 ms', reached: p99 <= 50 } : {}),
    });
    return peak;
  };
  if (kafka !== null) {
    const application = await kafkaApplication(kafka.bootstrap);
    const ours = await measure('kafka', application);
    const bare = await bracketed('bare Kafka client', () => application.bare('bench.kafka.items'));
    figures.push(
      { name: 'kafka: the bare client reads a second', value: bare.toFixed(0) },
      {
        name: 'beside the bare client',
        value: `${(ours / bare).toFixed(2)}×`,
        target: '≥ 0.5×',
        reached: ours >= bare / 2,
      },
    );
  }
  if (rabbit !== null) {
    const ours = await measure('rabbitmq', await rabbitApplication(rabbit.url));
    const venv = findVenv('celery');
    if (venv === null) console.log('SKIPPED Celery: run bench/peers/install.sh');
    else {
      await client.sources.delete('rabbitmq');
      const peer = await bracketed('Celery', () => celery(venv, rabbit.url, embedded.url, owner));
      figures.push(
        { name: 'Celery: one row and nothing else, a second', value: peer.toFixed(0) },
        { name: 'beside Celery', value: `${(ours / peer).toFixed(2)}×`, target: '≥ 5×', reached: ours >= 5 * peer },
      );
    }
  }
  keepResults('brokers', figures);
} finally {
  for (const step of undo.reverse()) await step();
}
