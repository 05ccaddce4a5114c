import { test } from 'node:test';
import { unlessAvailable } from '@understudy/components';
import { runScript } from './run-script.ts';

/** The other languages' own test suites, which replay contracts/conformance among much else. */
const LONGEST_MS = 900_000;
const php = { skip: unlessAvailable('php'), timeout: LONGEST_MS };
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
