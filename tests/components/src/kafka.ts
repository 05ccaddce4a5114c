import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerFolder, componentsFolder, freePorts, removeBrokerFolder } from './broker-folder.ts';
import { BrokerProcess } from './broker-process.ts';

export interface KafkaOptions {
  /** Partitions of topics that are made without a number. Default 3. */
  partitions?: number;
  /** Also listens with SASL, in the clear and under TLS: see {@link Kafka.securedUrl}. */
  secured?: boolean;
  /** A second listener for a proxy before it: clients that come to {@link Kafka.proxiedPort} are told this port. */
  proxyPort?: number;
}

type Ports = Record<'port' | 'controller' | 'plain' | 'tls' | 'proxied', number>;

const PLAIN_USER = { name: 'alice', password: 'alice-secret' };

/** Apache Kafka 4.3.1: one node in KRaft mode on ports of the loopback, with a heap of 512 MiB. */
export class Kafka {
  readonly port: number;
  /** Where a proxy connects to: see {@link KafkaOptions.proxyPort}. */
  readonly proxiedPort: number;
  /** Its certificate authority as a PEM file, when `secured`. */
  readonly caFile: string;
  readonly #folder: string;
  readonly #home: string;
  readonly #securedPorts: { plain: number; tls: number };
  #process: BrokerProcess;

  private constructor(folder: string, home: string, ports: Ports, process: BrokerProcess) {
    this.#folder = folder;
    this.#home = home;
    this.port = ports.port;
    this.proxiedPort = ports.proxied;
    this.#securedPorts = ports;
    this.caFile = join(folder, 'ca.pem');
    this.#process = process;
  }

  static async start(options: KafkaOptions = {}): Promise<Kafka> {
    const home = join(componentsFolder(), 'kafka-4.3.1');
    const folder = brokerFolder();
    cpSync(join(home, 'formatted'), join(folder, 'data'), { recursive: true });
    const [port, controller, plain, tls, proxied] = await freePorts(5);
    const ports = { port, controller, plain, tls, proxied } as Ports;
    const settings = { ...basicSettings(folder, ports, options), ...(options.secured ? secure(folder) : {}) };
    writeFileSync(
      join(folder, 'server.properties'),
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return new Kafka(folder, home, ports, await launch(folder, home));
  }

  /** For `UNDERSTUDY_BUSES`. */
  get url(): string {
    return `kafka://${this.bootstrap}`;
  }

  /** `host:port` for other clients. */
  get bootstrap(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** With SASL; `mechanism` is `plain`, `scram-sha-256` or `scram-sha-512`. PLAIN knows alice, SCRAM whom you add. */
  securedUrl(options: { mechanism: string; tls: boolean; user?: string; password?: string }): string {
    const { user = PLAIN_USER.name, password = PLAIN_USER.password } = options;
    const port = options.tls ? this.#securedPorts.tls : this.#securedPorts.plain;
    const ca = options.tls ? `&ca=${encodeURIComponent(this.caFile)}` : '';
    const scheme = options.tls ? 'kafka+ssl' : 'kafka';
    return `${scheme}://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}?sasl=${options.mechanism}${ca}`;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get log(): string {
    return readFileSync(join(this.#folder, 'kafka.log'), 'utf8');
  }

  /** Shuts down in order; the data stays for {@link restart}. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Starts again on the same data and ports, after `stop` or `kill`, or kills first. */
  async restart(): Promise<void> {
    await this.#process.kill();
    this.#process = await launch(this.#folder, this.#home);
  }

  /** The process hangs with its connections open, until {@link thaw}. */
  freeze(): void {
    this.#process.freeze();
  }

  thaw(): void {
    this.#process.thaw();
  }

  /** One of Kafka's own tools, e.g. `tool('org.apache.kafka.tools.TopicCommand', ['--list'])`. Takes some seconds. */
  tool(mainClass: string, args: readonly string[]): string {
    return execFileSync(
      'java',
      [
        ...[
          ...classPath(this.#home, 'error'),
          '-XX:TieredStopAtLevel=1',
          `-XX:SharedArchiveFile=${this.#home}/kafka.jsa`,
        ],
        ...['-XX:+UseSerialGC', mainClass, '--bootstrap-server', this.bootstrap, ...args],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
  }

  /** Ends it and removes its data. */
  async close(): Promise<void> {
    await this.#process.kill();
    removeBrokerFolder(this.#folder);
  }
}

/** Starts a Kafka of its own for a test. Ask {@link unlessAvailable} first. */
export function startKafka(options?: KafkaOptions): Promise<Kafka> {
  return Kafka.start(options);
}

function classPath(home: string, logLevel = 'info'): string[] {
  return [...['-cp', `${home}/libs/*`, `-Dlog4j2.configurationFile=${home}/log4j2.properties`], `-Dlevel=${logLevel}`];
}

async function launch(folder: string, home: string): Promise<BrokerProcess> {
  const child = new BrokerProcess({
    file: 'java',
    args: [
      ...classPath(home),
      // A start in two seconds rather than six: classes from an archive, and the quick compiler only.
      ...['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
      `-XX:SharedArchiveFile=${home}/kafka.jsa`,
      ...['kafka.Kafka', join(folder, 'server.properties')],
    ],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' },
    log: join(folder, 'kafka.log'),
  });
  await child.ready(async () => child.log.includes('Kafka Server started'));
  return child;
}

function basicSettings(
  folder: string,
  ports: Ports,
  { partitions = 3, proxyPort, secured }: KafkaOptions,
): Record<string, string | number> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    ...listeners(ports, proxyPort, secured === true),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'num.partitions': partitions,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0, // else the first consumer waits three seconds
    'group.min.session.timeout.ms': 1000,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.segment.bytes': 67_108_864,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'broker.session.timeout.ms': 3000, // after SIGKILL it is back in four seconds rather than twelve
    'broker.heartbeat.interval.ms': 500,
    'log.segment.delete.delay.ms': 1000,
  };
}

/** Each with what its clients are told to connect to. */
function listeners(ports: Ports, proxyPort: number | undefined, secured: boolean): Record<string, string> {
  const all: [name: string, protocol: string, port: number, advertised: number | null][] = [
    ['PLAINTEXT', 'PLAINTEXT', ports.port, ports.port],
    ['CONTROLLER', 'PLAINTEXT', ports.controller, null],
  ];
  if (proxyPort !== undefined) all.push(['PROXIED', 'PLAINTEXT', ports.proxied, proxyPort]);
  if (secured) {
    all.push(['SASL_PLAINTEXT', 'SASL_PLAINTEXT', ports.plain, ports.plain]);
    all.push(['SASL_SSL', 'SASL_SSL', ports.tls, ports.tls]);
  }
  const told = all.filter(([, , , advertised]) => advertised !== null);
  return {
    listeners: all.map(([name, , port]) => `${name}://127.0.0.1:${port}`).join(','),
    'advertised.listeners': told.map(([name, , , port]) => `${name}://127.0.0.1:${port}`).join(','),
    'listener.security.protocol.map': all.map(([name, protocol]) => `${name}:${protocol}`).join(','),
  };
}

/** SASL for its listeners, and a certificate of a throw-away authority for 127.0.0.1. */
function secure(folder: string): Record<string, string> {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'ca.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'pipe' },
  );
  const keystore = join(folder, 'keystore.pem');
  writeFileSync(keystore, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
  const settings: Record<string, string> = {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_ssl.ssl.keystore.type': 'PEM',
    'listener.name.sasl_ssl.ssl.keystore.location': keystore,
  };
  for (const listener of ['sasl_plaintext', 'sasl_ssl']) {
    settings[`listener.name.${listener}.plain.sasl.jaas.config`] =
      `org.apache.kafka.common.security.plain.PlainLoginModule required user_${PLAIN_USER.name}="${PLAIN_USER.password}";`;
    for (const mechanism of ['scram-sha-256', 'scram-sha-512']) {
      settings[`listener.name.${listener}.${mechanism}.sasl.jaas.config`] =
        'org.apache.kafka.common.security.scram.ScramLoginModule required;';
    }
  }
  return settings;
}
