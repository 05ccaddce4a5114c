import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  ServerProcess,
  scratchFolder,
  topicLabels,
  trainedByHand,
  type Workspace,
} from '@understudy/e2e';
import { FaultProxy } from './fault-proxy.ts';
import { itemTexts } from './item-texts.ts';
import { MessageOracle } from './message-oracle.ts';

const OPERATOR = 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u';
/** So many confirmed items may be without an answer while more are published: workers die in the middle of it. */
const AHEAD = 200;

/** A tenth of it in CI. */
export const full = process.env.UNDERSTUDY_TEST_FULL === '1';
export const messageSeed = Number(process.env.UNDERSTUDY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
export const PATIENCE_MS = 600_000;

/** An application on a message system: it publishes items and takes the answers, over as many connections as needed. */
export interface MessageApplication {
  makeTopics(...topics: string[]): Promise<void>;
  /** Publishes until the broker has confirmed it; some twice, as an application does that lost a confirmation. */
  publish(
    topic: string,
    items: ReadonlyMap<string, string>,
    oracle: MessageOracle,
    random: () => number,
  ): Promise<void>;
  /** Takes answers until {@link stop}. */
  takeAnswers(topic: string, oracle: MessageOracle): void;
  stop(): Promise<void>;
}

/** A started message system, and an application that uses it without the proxy. */
export interface MessageSystem<A extends MessageApplication> {
  application: A;
  /** Where the servers' proxy connects to. */
  port(): number;
  /** As `UNDERSTUDY_BUSES` names it; through the proxy. */
  url: string;
  stop(): Promise<void>;
}

/** A source of one test, and what the application noted of it. */
export interface TestSource {
  name: string;
  topic: string;
  answers: string;
  oracle: MessageOracle;
  /** As `GET /v1/sources/{source}` shows it. */
  shown(): Promise<any>;
}

/** A gateway and two workers on a database and a message system of their own, the latter behind a proxy. */
export class MessageRig<A extends MessageApplication> {
  readonly application: A;
  readonly proxy: FaultProxy;
  /** As they start; each kill starts another one in its place, without waiting for it. */
  readonly #workers: Promise<ServerProcess>[] = [];
  readonly #scratch: string;
  readonly #system: MessageSystem<A>;
  readonly #cluster: PostgresCluster;
  #gateway: ServerProcess | null = null;
  #shop: Workspace | null = null;

  private constructor(scratch: string, proxy: FaultProxy, cluster: PostgresCluster, system: MessageSystem<A>) {
    this.#scratch = scratch;
    this.proxy = proxy;
    this.#cluster = cluster;
    this.#system = system;
    this.application = system.application;
  }

  /** Without a model every answer is "ask a person": made, recorded and published like any other. */
  static async start<A extends MessageApplication>(
    openSystem: (proxyPort: number) => Promise<MessageSystem<A>>,
  ): Promise<MessageRig<A>> {
    const scratch = scratchFolder();
    let port = () => 0;
    const proxy = await FaultProxy.start(() => port());
    const [cluster, system] = await Promise.all([PostgresCluster.create(scratch), openSystem(proxy.port)]);
    port = () => system.port();
    const rig = new MessageRig(scratch, proxy, cluster, system);
    const gateway = await rig.#start('gateway', 'gateway,scheduler');
    rig.#gateway = gateway;
    for (const index of [0, 1]) rig.#startWorker(index);
    const shop = await makeWorkspace(() => gateway, OPERATOR, 'Shop');
    rig.#shop = shop;
    await shop.makeTask('inquiries', topicLabels, trainedByHand);
    return rig;
  }

  get shop(): Workspace {
    assert.ok(this.#shop !== null);
    return this.#shop;
  }

  /**
   * A source of its own for a test; resolves when a worker runs it.
   *
   * @param suffix of the names of its topics
   */
  async makeSource(name: string, settings: object = {}, suffix = ''): Promise<TestSource> {
    const [topic, answers] = [this.topic(`${name}.comments`) + suffix, this.topic(`${name}.decided`) + suffix];
    await this.application.makeTopics(topic, answers);
    const made = await this.shop.put(`/v1/sources/${name}`, {
      bus: 'main',
      topic,
      task: 'inquiries',
      mapping: { input: { text: '$.comment.body' }, external_id: '$.comment.id' },
      reply_to: { topic: answers },
      ...settings,
    });
    assert.equal(made.status, 201, made.text);
    const shown = async () => (await this.shop.get(`/v1/sources/${name}`)).json;
    await eventually('a worker runs the source', async () => (await shown()).state === 'running', PATIENCE_MS);
    const oracle = new MessageOracle(join(this.#scratch, `${name}.log`));
    this.application.takeAnswers(answers, oracle);
    return { name, topic, answers, oracle, shown };
  }

  /** A name that every system takes. */
  topic(name: string): string {
    return `chaos-${name.replaceAll('.', '-')}`;
  }

  /** Publishes items in pieces, not far ahead of the answers, so that what is done meanwhile happens in the middle. */
  async publishPaced(
    { topic, oracle }: TestSource,
    items: ReadonlyMap<string, string>,
    random: () => number,
    { piece = 50, ahead = AHEAD } = {},
  ): Promise<void> {
    const all = [...items];
    for (let from = 0; from < all.length; from += piece) {
      await this.application.publish(topic, new Map(all.slice(from, from + piece)), oracle, random);
      await eventually('answers', () => oracle.confirmed.size - oracle.answered < ahead, PATIENCE_MS, 5);
    }
  }

  /**
   * Publishes the items and kills workers with SIGKILL while they are decided: each time at a random count of answers,
   * now and then both at once; then nobody is there to take over. Resolves when every item is answered.
   *
   * @param afterKill while the victims are dead
   */
  async killWorkers(
    source: TestSource,
    items: ReadonlyMap<string, string>,
    kills: number,
    random: () => number,
    afterKill: () => Promise<void> = async () => {},
  ): Promise<void> {
    const publishing = this.publishPaced(source, items, random);
    for (let round = 0; round < kills; round++) {
      const at = Math.floor(((round + random()) / kills) * items.size * 0.9);
      await eventually(`${at} answers`, () => source.oracle.answers.size >= at, PATIENCE_MS, 2);
      const victims = random() < 0.25 ? [0, 1] : [random() < 0.5 ? 0 : 1];
      const processes = await Promise.all(victims.map((index) => this.#workers[index]!));
      await Promise.all(processes.map((worker) => worker.kill()));
      await afterKill();
      await pause(random() * 500);
      for (const index of victims) this.#startWorker(index);
    }
    await publishing;
    await this.#answered(source, items.size);
  }

  /** Runs it while each connection of the servers to the message system is reset with this probability every 300 ms. */
  async underResets(share: number, random: () => number, work: () => Promise<void>): Promise<number> {
    let rounds = 0;
    const timer = setInterval(() => {
      rounds++;
      this.proxy.resetSome(share, random);
    }, 300);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
    return rounds;
  }

  /** Every item was decided and answered once, nothing else was, and nothing waits or became a dead letter. */
  async settle(source: TestSource, count: number): Promise<void> {
    await this.#answered(source, count);
    await source.oracle.settle(this.shop, `${source.name}-`);
    await eventually('nothing waits', async () => (await source.shown()).lag === 0, PATIENCE_MS);
    await eventually('the source runs', async () => (await source.shown()).state === 'running', PATIENCE_MS);
    assert.deepEqual((await this.shop.get('/v1/dead-letters?limit=200')).json.data, []);
  }

  async stop(): Promise<void> {
    await this.application.stop();
    const workers = await Promise.all(this.#workers);
    await Promise.all([this.#gateway, ...workers].map((server) => server?.stop()));
    await this.#cluster.stopImmediately();
    await this.#system.stop();
    this.proxy.close();
  }

  async #answered(source: TestSource, count: number): Promise<void> {
    await eventually('every item is answered', () => source.oracle.answered === count, PATIENCE_MS);
  }

  #startWorker(index: number): void {
    const starting = this.#start(`worker-${index}`, 'worker');
    starting.catch(() => {}); // whoever waits for it is told
    this.#workers[index] = starting;
  }

  #start(name: string, roles: string): Promise<ServerProcess> {
    return ServerProcess.start({
      dataDir: join(this.#scratch, 'data'),
      databaseUrl: this.#cluster.url(),
      logFile: join(this.#scratch, `${name}.log`),
      settings: {
        UNDERSTUDY_ROLES: roles,
        UNDERSTUDY_OPERATOR_KEY: OPERATOR,
        UNDERSTUDY_BUSES: JSON.stringify({ main: this.#system.url }),
      },
    });
  }
}

/** Items by name; the names begin with the source's. */
export function itemsOf(name: string, count: number, from = 0): Map<string, string> {
  return new Map(itemTexts(count, 7 + from).map((text, index) => [`${name}-${from + index}`, text]));
}

export const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
