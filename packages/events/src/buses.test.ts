import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BusDefinition, Buses } from './buses.ts';
import { MemoryBroker, MemoryBus } from './testing/index.ts';

function counted(name: string, open: BusDefinition['open']): BusDefinition & { opened: number } {
  const definition = {
    name,
    system: 'memory',
    address: `memory://${name}`,
    opened: 0,
    open: () => {
      definition.opened++;
      return open();
    },
  };
  return definition;
}

test('a bus is opened when it is first needed, once', async () => {
  const main = counted('main', async () => new MemoryBus());
  const idle = counted('idle', async () => new MemoryBus());
  const buses = new Buses([main, idle]);
  assert.deepEqual([buses.names, buses.has('main'), buses.has('other')], [['main', 'idle'], true, false]);
  const [one, two] = await Promise.all([buses.get('main'), buses.get('main')]);
  assert.equal(one, two);
  assert.deepEqual([main.opened, idle.opened], [1, 0]);
  await buses.close();
  assert.equal(idle.opened, 0);
});

test('a name that nobody configured is told apart, and repeated only so far', async () => {
  const buses = new Buses([counted('main', async () => new MemoryBus())]);
  await assert.rejects(buses.get('x'.repeat(500)), (error: { code: string; message: string }) => {
    assert.equal(error.code, 'bus_not_configured');
    assert.ok(error.message.length < 200 && error.message.includes('main'));
    return true;
  });
});

test('a driver that could not be loaded is tried again', async () => {
  let broken = true;
  const main = counted('main', async () => {
    if (broken) throw new Error('no such module');
    return new MemoryBus();
  });
  const buses = new Buses([main]);
  await assert.rejects(buses.get('main'), { message: 'no such module' });
  assert.deepEqual(
    (await buses.states({ all: true })).map(({ state, problem }) => [state, problem]),
    [['down', 'no such module']],
  );
  broken = false;
  await buses.get('main');
  assert.ok(main.opened >= 3);
});

test('the states say which answer; what is not used is not opened to ask', async () => {
  const broker = new MemoryBroker();
  const main = counted('main', async () => new MemoryBus(broker));
  const idle = counted('idle', async () => new MemoryBus());
  const buses = new Buses([main, idle]);
  await buses.get('main');
  const states = async () => (await buses.states()).map(({ name, state }) => `${name} ${state}`);
  assert.deepEqual(await states(), ['main up', 'idle unused']);
  broker.stop();
  assert.deepEqual(await states(), ['main down', 'idle unused']);
  assert.equal(idle.opened, 0);
  assert.equal((await buses.states({ all: true }))[1]?.state, 'up');
});

test('closing closes what is open and lets nothing be opened; one that hangs on to an error stops no other', async () => {
  const good = new MemoryBus();
  const bad = new MemoryBus();
  bad.close = async () => {
    throw new Error('the socket is gone');
  };
  const buses = new Buses([counted('bad', async () => bad), counted('good', async () => good)]);
  await Promise.all([buses.get('bad'), buses.get('good')]);
  await buses.close();
  await assert.rejects(good.ping(), { code: 'bus_unavailable' });
  await assert.rejects(buses.get('good'), { code: 'bus_unavailable' });
});
