import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busError, entryError, hasAnswered } from './sqs-errors.ts';

const fault = (name: string, $fault: 'client' | 'server', message = 'said') =>
  Object.assign(new Error(message), { name, $fault });

test('what the service says is told apart by what helps', () => {
  const cases: [Error, string][] = [
    [fault('QueueDoesNotExist', 'client'), 'bus_topic_not_found'],
    [fault('AccessDenied', 'client'), 'bus_refused'],
    [fault('InvalidMessageContents', 'client'), 'bus_refused'],
    [fault('BatchRequestTooLong', 'client'), 'bus_message_too_large'],
    [
      fault('InvalidParameterValue', 'client', 'One or more parameters: message must be shorter than 262144 bytes.'),
      'bus_message_too_large',
    ],
    // Of the account or of the moment, not of the message: it has to wait.
    [fault('InvalidClientTokenId', 'client'), 'bus_unavailable'],
    [fault('SignatureDoesNotMatch', 'client'), 'bus_unavailable'],
    [fault('ExpiredToken', 'client'), 'bus_unavailable'],
    [fault('ThrottlingException', 'client'), 'bus_unavailable'],
    [fault('OverLimit', 'client'), 'bus_unavailable'],
    [fault('InternalFailure', 'server'), 'bus_unavailable'],
    [new Error('connect ECONNREFUSED 127.0.0.1:1'), 'bus_unavailable'],
    [
      Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }),
      'bus_unavailable',
    ],
  ];
  for (const [error, code] of cases) assert.equal(busError(error).code, code, error.name);
});

test('an entry of a batch fails by its own fault, or for now', () => {
  assert.equal(entryError({ Code: 'InternalError', SenderFault: false }).code, 'bus_unavailable');
  assert.equal(entryError({ Code: 'InvalidMessageContents', SenderFault: true, Message: 'no' }).code, 'bus_refused');
  assert.equal(entryError({ Code: 'RequestThrottled', SenderFault: true }).code, 'bus_unavailable');
});

test('a refusal is an answer: the service is there', () => {
  assert.equal(hasAnswered(fault('AccessDenied', 'client')), true);
  assert.equal(hasAnswered(fault('InvalidClientTokenId', 'client')), false);
  assert.equal(hasAnswered(new Error('connect ECONNREFUSED')), false);
});
