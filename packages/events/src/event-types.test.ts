import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTypes } from '@understudy/wire';
import { EVENT_TYPES } from './cloud-event.ts';

test('every type of event has a schema, and no schema is of a type that does not exist', () => {
  assert.deepEqual(Object.keys(eventTypes).sort(), [...EVENT_TYPES].sort());
});
