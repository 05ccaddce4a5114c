import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unauthenticated, UnderstudyClient } from '../index.ts';

interface Seen {
  call: string;
  credentials: string | undefined;
  authorization: string | null;
  csrf: string | null;
}

/** A client whose server answers every call with a session that has the next CSRF token. */
function clientOf(options: { cookies?: boolean; apiKey?: string }, statuses: number[] = []) {
  const seen: Seen[] = [];
  const client = new UnderstudyClient({
    ...options,
    baseUrl: 'http://page',
    wait: async () => {},
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      seen.push({
        call: `${init?.method} ${new URL(String(input)).pathname}`,
        credentials: init?.credentials,
        authorization: headers.get('authorization'),
        csrf: headers.get('x-csrf-token'),
      });
      const status = statuses.shift() ?? 200;
      return new Response(JSON.stringify({ csrf_token: `t${seen.length}`, data: [], next_cursor: null }), { status });
    },
  });
  return { client, seen };
}

test('with cookies, the token of the last answer goes with every call; sign-in and the question who is there go without', async () => {
  const { client, seen } = clientOf({ cookies: true });
  await client.tasks.list();
  await client.session.create({ code: 'c' });
  await client.tasks.list();
  await client.keys.revoke('key_1');
  await client.session.switch('ws_2');
  await client.tasks.list();
  await client.session.get();
  await client.tasks.list();
  await client.session.end();
  await client.tasks.list();
  assert.deepEqual(
    seen.map(({ call, csrf }) => [call, csrf]),
    [
      ['GET /v1/tasks', null],
      ['POST /v1/session', null],
      ['GET /v1/tasks', 't2'],
      ['DELETE /v1/keys/key_1', 't2'],
      ['POST /v1/session/switch', 't2'],
      ['GET /v1/tasks', 't5'],
      ['GET /v1/session', null],
      ['GET /v1/tasks', 't7'],
      ['DELETE /v1/session', 't7'],
      ['GET /v1/tasks', null],
    ],
  );
  assert.ok(seen.every(({ credentials, authorization }) => credentials === 'same-origin' && authorization === null));
});

test('with a key, no cookie and no token goes along', async () => {
  const { client, seen } = clientOf({ apiKey: 'us_x' });
  await client.session.signInCode();
  await client.tasks.list();
  assert.ok(seen.every(({ credentials, csrf }) => credentials === 'omit' && csrf === null));
  assert.equal(seen[0]!.authorization, 'Bearer us_x');
  assert.throws(() => clientOf({ apiKey: 'us_x', cookies: true }), TypeError);
});

test('a sign-in is never repeated: a one-time code works once, even when its answer is lost', async () => {
  const { client, seen } = clientOf({ cookies: true }, [503, 401]);
  await assert.rejects(client.session.create({ code: 'c' }), { status: 503 });
  assert.equal(seen.length, 1);
  await assert.rejects(client.session.get(), Unauthenticated);
});
