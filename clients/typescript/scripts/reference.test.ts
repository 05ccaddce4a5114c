import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { UnderstudyClient } from '../src/index.ts';
import { renderReference } from './reference.ts';

const written = readFileSync(new URL('../REFERENCE.md', import.meta.url), 'utf8');

test('the reference is that of the types', () => {
  assert.equal(written, renderReference(), 'run `npm run reference` in clients/typescript');
});

test('every method of every resource stands in it', () => {
  const client = new UnderstudyClient({ baseUrl: 'http://reference' });
  for (const [name, resource] of Object.entries(client)) {
    if (typeof resource === 'function') {
      assert.match(written, new RegExp(`^- \`${name}[(<]`, 'm'), name);
      continue;
    }
    const section = written.split(`## client.${name}\n`)[1]?.split('\n## ')[0];
    assert.ok(section !== undefined, `there is no section client.${name}`);
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(resource))) {
      if (method !== 'constructor') assert.ok(section.includes(`- \`${method}(`), `client.${name}.${method}`);
    }
  }
});
