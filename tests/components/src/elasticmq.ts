import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { available } from './available.ts';
import { brokerFolder, componentsFolder, freePorts, removeBrokerFolder } from './broker-folder.ts';
import { BrokerProcess } from './broker-process.ts';

const home = () => join(componentsFolder(), 'elasticmq-1.7.1');

/** A server that speaks the SQS protocol, on a free port of the loopback. It keeps messages in memory only. */
export interface ElasticMq {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  /** `sqs://…` with this endpoint, a region and credentials (it accepts any). */
  readonly url: string;
  /** Kills it; its queues and messages are gone with it. `restart()` brings an empty one back on the same port. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Ready after 3 to 5 s; 130 to 250 MB resident. */
export async function startElasticMq(): Promise<ElasticMq> {
  const answer = available('elasticmq');
  if (answer !== true) throw new Error(answer);
  const folder = brokerFolder();
  const [port] = (await freePorts(1)) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'elasticmq.conf'), configuration(port));
  const start = async () => {
    const broker = new BrokerProcess({
      file: 'java',
      args: [
        ...[
          '-Xmx256m',
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          `-Dconfig.file=${join(folder, 'elasticmq.conf')}`,
        ],
        ...['-cp', join(home(), 'libs', '*'), 'org.elasticmq.server.Main'],
      ],
      env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: folder },
      cwd: folder,
      log: join(folder, 'elasticmq.log'),
    });
    await broker.ready(async () => (await fetch(`${endpoint}/?Action=ListQueues`)).ok);
    return broker;
  };
  let broker = await start();
  return {
    endpoint,
    url: `sqs://key:secret@elasticmq?endpoint=${encodeURIComponent(endpoint)}`,
    kill: () => broker.kill(),
    restart: async () => {
      await broker.kill();
      broker = await start();
    },
    stop: async () => {
      await broker.kill();
      removeBrokerFolder(folder);
    },
  };
}

/** With the limits that Amazon has. */
function configuration(port: number): string {
  return [
    'include classpath("application.conf")',
    `node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }`,
    `rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }`,
    'rest-stats { enabled = false }',
    'messages-storage { enabled = false }',
    '',
  ].join('\n');
}
