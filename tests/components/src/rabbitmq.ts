import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { available } from './available.ts';
import { brokerFolder, freePorts, removeBrokerFolder } from './broker-folder.ts';
import { BrokerProcess } from './broker-process.ts';

// Not /usr/sbin/rabbitmq-server: that wrapper changes to the user rabbitmq.
const BIN = '/usr/lib/rabbitmq/bin';
const run = promisify(execFile);

/** A RabbitMQ node of its own on free ports of the loopback, with its own name, cookie and data. */
export interface RabbitBroker {
  /** `amqp://user:password@127.0.0.1:port`. */
  readonly url: string;
  /** `amqps://…`, of a certificate that `ca` (a PEM file) has signed. */
  readonly tlsUrl: string;
  readonly ca: string;
  /**
   * `rabbitmqctl …`; answers what it prints. Takes one or two seconds: it starts a virtual machine of its own.
   */
  ctl(...args: string[]): Promise<string>;
  /**
   * Has what the node knows about its quorum queues on the disk. Their registration is kept in memory for some
   * seconds: a queue that was declared a moment before a SIGKILL comes back without its messages. A cluster of three,
   * as production has it, does not lose them.
   */
  settle(): Promise<void>;
  /** Kills it as a power cut would. `restart()` brings it back. */
  kill(): Promise<void>;
  /** Starts it on the same data and ports, ending it properly first when it runs. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Ready after 4 to 6 s; 160 MB resident. */
export async function startRabbit(): Promise<RabbitBroker> {
  const answer = available('rabbitmq');
  if (answer !== true) throw new Error(answer);
  const folder = brokerFolder();
  for (const name of ['home', 'log', 'mnesia']) mkdirSync(join(folder, name));
  const [port, tlsPort, distribution, names] = (await freePorts(4)) as [number, number, number, number];
  const ca = makeCertificates(folder);
  writeFileSync(join(folder, 'enabled_plugins'), '[].');
  writeFileSync(join(folder, 'rabbitmq.conf'), configuration(folder, port, tlsPort));
  const env = environment(folder, distribution, names);
  const log = join(folder, 'rabbitmq.log');

  // A name server of our own: the one that the node would start stays behind when the node is gone.
  const nameServer = new BrokerProcess({
    file: 'epmd',
    args: ['-port', String(names), '-address', '127.0.0.1'],
    env,
    cwd: folder,
    log,
  });
  const start = async () => {
    await nameServer.ready(() => accepts(names));
    const broker = new BrokerProcess({ file: join(BIN, 'rabbitmq-server'), args: [], env, cwd: folder, log });
    await broker.ready(() => accepts(port));
    return broker;
  };
  let broker = await start();

  const ctl = async (...args: string[]) => {
    const { stdout } = await run(join(BIN, 'rabbitmqctl'), ['--quiet', ...args], { env, cwd: folder });
    return stdout;
  };
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    tlsUrl: `amqps://guest:guest@127.0.0.1:${tlsPort}`,
    ca,
    ctl,
    settle: async () => {
      await ctl('eval', '[dets:sync(T) || T <- dets:all()], mnesia:dump_log().');
    },
    kill: () => broker.kill(),
    restart: async () => {
      if (broker.running) await broker.stop();
      broker = await start();
    },
    stop: async () => {
      await broker.stop();
      await nameServer.kill();
      removeBrokerFolder(folder);
    },
  };
}

function configuration(folder: string, port: number, tlsPort: number): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
    `ssl_options.cacertfile = ${join(folder, 'ca.pem')}`,
    `ssl_options.certfile = ${join(folder, 'server.pem')}`,
    `ssl_options.keyfile = ${join(folder, 'server.key')}`,
    'log.console = true',
    'log.file = false',
    'vm_memory_high_watermark.absolute = 512MB',
    'disk_free_limit.absolute = 100MB',
    '',
  ].join('\n');
}

function environment(folder: string, distribution: number, names: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    HOME: join(folder, 'home'), // gets .erlang.cookie
    ERL_CRASH_DUMP: join(folder, 'erl_crash.dump'),
    ERL_EPMD_PORT: String(names),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `understudy-${names}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    // Threads that wait without spinning: the machine has other work.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}

/** An authority and a certificate for 127.0.0.1 by it; answers the authority's file. */
function makeCertificates(folder: string): string {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '30', '-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-days', '30', '-extfile', 'names', '-out', 'server.pem'],
  );
  return join(folder, 'ca.pem');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
