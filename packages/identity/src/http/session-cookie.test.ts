import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newSessionSecret } from '../secret.ts';
import { MAX_TOGETHER, SessionCookie } from './session-cookie.ts';

const request = (cookie?: string, protocol = 'http') =>
  ({ protocol, headers: cookie === undefined ? {} : { cookie } }) as unknown as FastifyRequest;

function written(cookie: SessionCookie, from: FastifyRequest, secrets: string[]): string {
  let value = '';
  const reply = {
    header: (name: string, text: string) => {
      assert.equal(name, 'Set-Cookie');
      value = text;
    },
  };
  cookie.write(from, reply as unknown as FastifyReply, secrets);
  return value;
}

test('over https, or when the public URL says so, the cookie is Secure and bound to the host', () => {
  const secret = newSessionSecret();
  const byProxy = new SessionCookie('https://understudy.example.com');
  const expected = `__Host-understudy_session=${secret}; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure`;
  assert.equal(written(byProxy, request(), [secret]), expected);
  assert.equal(written(new SessionCookie(), request(undefined, 'https'), [secret]), expected);
  assert.deepEqual(byProxy.read(request(`__Host-understudy_session=${secret}`)), [secret]);
  // One that a neighbouring host could have planted counts for nothing.
  assert.deepEqual(byProxy.read(request(`understudy_session=${secret}`)), []);
  assert.equal(byProxy.publicOrigin, 'https://understudy.example.com');
});

test('over http the cookie has its plain name', () => {
  const secret = newSessionSecret();
  for (const cookie of [new SessionCookie(), new SessionCookie('http://10.0.0.5:8080')]) {
    const text = `understudy_session=${secret}; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict`;
    assert.equal(written(cookie, request(), [secret]), text);
  }
  assert.match(written(new SessionCookie(), request(), []), /^understudy_session=; Path=\/; Max-Age=0; /);
});

test('what is read are well-formed secrets, in order, as many as a browser may hold', () => {
  const cookie = new SessionCookie();
  const secrets = Array.from({ length: MAX_TOGETHER + 2 }, newSessionSecret);
  const kept = secrets.slice(0, MAX_TOGETHER);
  assert.deepEqual(cookie.read(request(`a=b; understudy_session=${secrets.join('.')};c=d`)), kept);
  assert.ok(!written(cookie, request(), secrets).includes(secrets.at(-1)!));
  for (const text of ['', ';', '=', 'understudy_session', 'understudy_session=', 'understudy_session=..x.%00']) {
    assert.deepEqual(cookie.read(request(text)), [], text);
  }
  assert.deepEqual(cookie.read(request()), []);
  assert.deepEqual(cookie.read(request(`understudy_session=${'us_ses_'.repeat(10_000)}`)), []);
});
