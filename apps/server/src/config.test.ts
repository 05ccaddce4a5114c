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
