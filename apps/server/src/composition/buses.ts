import { openPostgresBus } from '@understudy/bus-postgres';
import type { OpenDatabase } from '@understudy/database-postgres';
import { type BusDefinition, Buses, type BusState, type EventBus } from '@understudy/events';
import { type Logger, silentLogger } from '@understudy/kernel';
import type { BusSetting } from '../config.ts';

export interface BusPorts {
  settings: readonly BusSetting[];
  open: OpenDatabase;
  logger: Logger;
}

type OpenDriver = (url: string, logger: Logger) => Promise<EventBus>;

/** Imported when a bus of that kind is first used: a client library that nobody needs costs no start and no memory. */
const drivers: Readonly<Record<BusSetting['system'], OpenDriver>> = {
  async kafka(url, logger) {
    const { openKafkaBus } = await import('@understudy/bus-kafka');
    return openKafkaBus(url, { logger });
  },
  async amqp(url, log) {
    const { openRabbitBus } = await import('@understudy/bus-rabbitmq');
    return openRabbitBus(url, { log, clientName: 'understudy' });
  },
  async sqs(url, log) {
    const { openSqsBus } = await import('@understudy/bus-sqs');
    return openSqsBus(url, { log });
  },
};

/** The message systems that the operator named, and `postgres`, which is always there. */
export function openBuses({ settings, open, logger }: BusPorts): Buses {
  const postgres: BusDefinition = {
    name: 'postgres',
    system: 'postgres',
    address: 'the database of this server',
    open: async () => openPostgresBus({ database: open.database, listen: open.listen, logger }),
  };
  return new Buses([postgres, ...settings.map((setting) => definition(setting, logger))], logger);
}

/** Asks a message system whether it answers, without a server. For `doctor`. */
export async function askBus(setting: BusSetting): Promise<BusState> {
  const buses = new Buses([definition(setting, silentLogger)]);
  const [state] = await buses.states({ all: true });
  await buses.close();
  return state!;
}

function definition({ name, system, url, address }: BusSetting, logger: Logger): BusDefinition {
  return { name, system, address, open: () => drivers[system](url, logger.child({ bus: name })) };
}
