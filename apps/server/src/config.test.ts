import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, describeSettings, readConfig, settings } from './config.ts';

test('everything has a default', () => {
  const config = readConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
  assert.equal(config.demo, false);
  assert.deepEqual([...config.roles], ['gateway', 'worker', 'scheduler']);
  assert.equal(config.operatorKey, undefined);
});

test('every wrong setting is named at once, and no secret is repeated', () => {
  const secret = 'us_op_short';
  assert.throws(
    () => readConfig({ UNDERSTUDY_PORT: '99999', UNDERSTUDY_OPERATOR_KEY: secret, UNDERSTUDY_ROLES: 'gateway,king' }),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /UNDERSTUDY_PORT/);
      assert.match(error.message, /UNDERSTUDY_OPERATOR_KEY/);
      assert.match(error.message, /king/);
      assert.ok(!error.message.includes(secret));
      return true;
    },
  );
});

test('message systems are named by the operator, and their passwords never repeated', () => {
  const { buses } = readConfig({
    UNDERSTUDY_BUSES:
      '{"main":"kafka+ssl://us%40er:pa%2Fss@a:9093,b:9093?sasl=plain","rabbit":"amqp://u:p?x@h/v","queue":"sqs://k:s@eu-central-1?wait=2"}',
  });
  assert.deepEqual(
    buses.map(({ name, system, address }) => [name, system, address]),
    [
      ['main', 'kafka', 'kafka+ssl://a:9093,b:9093'],
      ['rabbit', 'amqp', 'amqp://h/v'],
      ['queue', 'sqs', 'sqs://eu-central-1'],
    ],
  );
  assert.equal(buses[1]?.url, 'amqp://u:p?x@h/v');
  assert.deepEqual(readConfig({}).buses, []);
  const wrong = [
    'kafka://u:hunter2@h',
    '["hunter2"]',
    '{"main":"http://u:hunter2@h"}',
    '{"main":"constructor://hunter2"}',
    '{"main":{"url":"hunter2"}}',
    '{"postgres":"kafka://hunter2"}',
    '{"Main hunter2":"kafka://h"}',
    '{"main":"kafka://u:hunter2 @h"}',
  ];
  for (const raw of wrong) {
    assert.throws(
      () => readConfig({ UNDERSTUDY_BUSES: raw }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError && error.message.startsWith('UNDERSTUDY_BUSES'), raw);
        return !error.message.includes('hunter2');
      },
    );
  }
});

test('a misspelt setting is an error, not ignored', () => {
  assert.throws(() => readConfig({ UNDERSTUDY_PROT: '80' }), /UNDERSTUDY_PROT is not a setting/);
  readConfig({ UNDERSTUDY_URL: 'http://x', UNDERSTUDY_API_KEY: 'us_x', PATH: '/bin' });
});

test('an operator key must be random', () => {
  assert.throws(() => readConfig({ UNDERSTUDY_OPERATOR_KEY: `us_op_${'a'.repeat(40)}` }), /not random/);
  const key = 'us_op_0123456789abcdefghijABCDEFGHIJ01';
  assert.equal(readConfig({ UNDERSTUDY_OPERATOR_KEY: key }).operatorKey, key);
});

test('the help names every setting', () => {
  const help = describeSettings();
  for (const name of Object.keys(settings)) assert.ok(help.includes(name), name);
});
