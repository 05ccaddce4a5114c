import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownBlocks } from './markdown-blocks.ts';

test('what guidelines are written in', () => {
  const blocks = markdownBlocks(
    '# Rules\nFirst line\nsecond *line*.\n\n- **spam**: `buy` now\n- ok\n  more\n\n1. one\n2) two\n\n> mind\n> this\n\n```\n<b>\n```',
  );
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ['heading', 'paragraph', 'list', 'list', 'quote', 'code'],
  );
  assert.deepEqual(blocks[1], {
    kind: 'paragraph',
    inlines: [
      { kind: 'text', text: 'First line second ' },
      { kind: 'emphasis', text: 'line' },
      { kind: 'text', text: '.' },
    ],
  });
  assert.deepEqual((blocks[2] as { items: unknown[][] }).items[1], [{ kind: 'text', text: 'ok more' }]);
  assert.equal((blocks[3] as { ordered: boolean }).ordered, true);
  assert.deepEqual(blocks[5], { kind: 'code', text: '<b>' });
});

test('links lead to the web only; everything else stays text', () => {
  const inlines = (text: string) => (markdownBlocks(text)[0] as { inlines: { kind: string }[] }).inlines;
  assert.deepEqual(inlines('[a](https://example.com/x)'), [{ kind: 'link', text: 'a', href: 'https://example.com/x' }]);
  for (const hostile of [
    '[a](javascript:alert(1))',
    '[a](data:text/html,x)',
    '[a](//evil.example)',
    '<script>alert(1)</script>',
  ]) {
    assert.ok(
      inlines(hostile).every(({ kind }) => kind === 'text'),
      hostile,
    );
  }
  assert.deepEqual(markdownBlocks('```\nnever closed'), [{ kind: 'code', text: 'never closed' }]);
});
