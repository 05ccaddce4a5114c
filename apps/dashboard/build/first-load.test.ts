import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildDashboard } from './index.ts';

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

/** What a first visit may cost, in gzipped bytes of JavaScript. */
const LIMIT = 300_000;

test('the first load stays small, and output is built once for the same sources', async () => {
  const fallbackDir = mkdtempSync(join(tmpdir(), 'understudy-dashboard-'));
  try {
    const folder = await buildDashboard({ fallbackDir });
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
    const first = new Set<string>();
    const take = (name: string): void => {
      const chunk = manifest[name];
      if (chunk === undefined || first.has(chunk.file)) return;
      first.add(chunk.file);
      for (const imported of chunk.imports ?? []) take(imported);
    };
    for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry === true) take(name);
    assert.ok(first.size > 0);
    const bytes = [...first, 'color-scheme.js'].reduce(
      (sum, file) => sum + statSync(join(folder, `${file}.gz`)).size,
      0,
    );
    console.log(`first load: ${(bytes / 1000).toFixed(0)} kB of gzipped JavaScript in ${first.size + 1} files`);
    assert.ok(bytes <= LIMIT, `${bytes} bytes of JavaScript on the first load`);
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    assert.ok(!/<script(?![^>]*\bsrc=)/.test(html), 'no inline script: the policy would refuse it');
    assert.ok(existsSync(join(folder, 'index.html.br')));

    const changed = statSync(join(folder, 'index.html')).mtimeMs;
    const again = await Promise.all([buildDashboard({ fallbackDir }), buildDashboard({ fallbackDir })]);
    assert.deepEqual(again, [folder, folder]);
    assert.equal(statSync(join(folder, 'index.html')).mtimeMs, changed);
  } finally {
    rmSync(fallbackDir, { recursive: true, force: true });
  }
});
