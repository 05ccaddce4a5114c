import { test } from 'node:test';
import { unlessAvailable } from '@understudy/components';
import { runScript } from './run-script.ts';

/** The other languages' own test suites, which replay contracts/conformance among much else. */
const LONGEST_MS = 900_000;
const php = { skip: unlessAvailable('php'), timeout: LONGEST_MS };
const withBroker = { skip: unlessAvailable('php') || unlessAvailable('rabbitmq'), timeout: LONGEST_MS };
const python = { skip: unlessAvailable('python'), timeout: LONGEST_MS };

test('the Python client: types, style, unit tests and the conformance suite', python, () =>
  runScript('clients/python/tests/run.sh', '-q'),
);

test('the PHP client: syntax, style, unit tests and the conformance suite', php, () =>
  runScript('clients/php/tests/run.sh'),
);

for (const version of ['5.4', '6.4', '7.4']) {
  test(`the Symfony bundle with Symfony ${version}`, php, () => runScript('clients/php/bundle/tests/run.sh', version));
}

test('the Symfony bundle with Symfony 7.4 on PHP 8.4', php, () =>
  runScript('env', 'UNDERSTUDY_TEST_PHP=8.4', 'clients/php/bundle/tests/run.sh', '7.4'),
);

test('the Symfony bundle against a real Understudy and a real RabbitMQ', withBroker, () =>
  runScript(process.execPath, 'clients/php/bundle/tests/live/live.mjs'),
);

for (const version of ['8', '10', '13']) {
  test(`the Laravel package with Laravel ${version}`, php, () =>
    runScript('clients/php/laravel/tests/run.sh', version),
  );
}
