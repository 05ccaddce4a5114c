import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createLakeApp, type LakeApp, workspace } from '../testing/lake-app.ts';

let lake: LakeApp;
before(async () => {
  lake = await createLakeApp();
});
after(() => lake.close());
beforeEach(async () => {
  await lake.db.asOwner('DELETE FROM lake.examples');
});

type Answer = Record<string, any>;

async function post(
  body: string | Buffer,
  type: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Answer }> {
  const response = await lake.app.inject({
    method: 'POST',
    url: `/v1/tasks/moderation/examples${query}`,
    headers: { 'content-type': type, ...headers },
    payload: body,
  });
  return { status: response.statusCode, body: response.json() };
}

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
const row = (text: string, label = 'ok', more: object = {}) => ({ input: { text }, label, ...more });

async function stored(): Promise<Answer[]> {
  const response = await lake.app.inject({ url: '/v1/tasks/moderation/examples?limit=200' });
  return (response.json() as Answer).data;
}

describe('formats', () => {
  const full = {
    subject: 'user-1',
    external_id: 'c-9',
    occurred_at: '2026-05-01T10:00:00+02:00',
    attributes: { lang: 'de' },
  };
  const bodies: [string, string, string | Buffer][] = [
    ['json', JSON_TYPE, JSON.stringify({ examples: [row('Hallo, "Welt"\nzwei', 'ok', full), row('buy now', 'spam')] })],
    [
      'json with spaces',
      JSON_TYPE,
      JSON.stringify({ examples: [row('Hallo, "Welt"\nzwei', 'ok', full), row('buy now', 'spam')] }, null, 2),
    ],
    [
      'ndjson',
      NDJSON,
      `${JSON.stringify(row('Hallo, "Welt"\nzwei', 'ok', full))}\r\n\n${JSON.stringify(row('buy now', 'spam'))}`,
    ],
    ...[',', ';', '\t', '|'].flatMap((d): [string, string, string][] =>
      ['\n', '\r\n', '\r'].map((end): [string, string, string] => [
        `csv ${JSON.stringify(d)} ${JSON.stringify(end)}`,
        'text/csv; charset=utf-8',
        [
          ['input.text', 'label', 'subject', 'external_id', 'occurred_at', 'attributes.lang'].join(d),
          ['"Hallo, ""Welt""\nzwei"', 'ok', 'user-1', 'c-9', '2026-05-01T08:00:00Z', 'de'].join(d),
          ['buy now', 'spam', '', '', '', ''].join(d),
        ].join(end),
      ]),
    ),
  ];
  for (const [name, type, body] of bodies) {
    for (const [how, wrapped] of [
      ['plain', Buffer.from(body)],
      ['with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)])],
    ] as const) {
      test(`${name}, ${how}`, async () => {
        const answer = await post(wrapped, type);
        assert.deepEqual(answer.body, {
          accepted: 2,
          duplicates: 0,
          conflicts: 0,
          rejected: 0,
          problems: [],
          new_labels: [],
        });
        const [first, second] = await stored();
        assert.equal(first!.input.text, 'Hallo, "Welt"\nzwei');
        assert.equal(first!.subject, 'user-1');
        assert.equal(first!.external_id, 'c-9');
        assert.equal(first!.occurred_at, '2026-05-01T08:00:00.000Z');
        assert.deepEqual(first!.attributes, { lang: 'de' });
        assert.equal(second!.label, 'spam');
        assert.equal(second!.subject, null);
        assert.deepEqual(second!.attributes, {});
      });
    }
  }

  test('gzip, and text that is cut anywhere between packets', async () => {
    const body = `text,label\n${Array.from({ length: 500 }, (_, i) => `größe ${i} 漢字 🎭,ok`).join('\n')}`;
    assert.equal((await post(gzipSync(body), CSV, '', { 'content-encoding': 'gzip' })).body.accepted, 500);
    await lake.db.asOwner('DELETE FROM lake.examples');
    async function* bytes() {
      for (const byte of Buffer.from(body)) yield Buffer.of(byte);
    }
    const result = await lake.examples.import(lake.principal, 'moderation', bytes(), {
      format: 'csv',
      onInvalid: 'reject',
      addLabels: false,
      requestId: 'r',
    });
    assert.equal(result.accepted, 500);
    for (const format of ['json', 'ndjson'] as const) {
      const rows = Array.from({ length: 50 }, (_, i) => JSON.stringify(row(`${format} "größe\\ ${i} 漢字 🎭`)));
      const text = format === 'json' ? `{"examples":[${rows.join(' , ')}]}` : rows.join('\n');
      async function* single() {
        for (const byte of Buffer.from(text)) yield Buffer.of(byte);
      }
      const request = { format, onInvalid: 'reject', addLabels: false, requestId: 'r' } as const;
      assert.equal((await lake.examples.import(lake.principal, 'moderation', single(), request)).accepted, 50);
    }
  });

  test('a text of the greatest length the task allows passes, one more character does not', async () => {
    const fits = 'ü'.repeat(20_000);
    assert.equal((await post(JSON.stringify(row(fits)), NDJSON)).body.accepted, 1);
    const answer = await post(JSON.stringify(row(`${fits}x`)), NDJSON);
    assert.equal(answer.body.problems[0].code, 'too_long');
    assert.equal(answer.body.problems[0].pointer, '/input/text');
  });

  test('texts of several megabytes', async () => {
    lake.rules.set(workspace, 'books', {
      taskId: 'task_books',
      labels: ['ok'],
      input: { text: { type: 'string', max_length: 10_000_000 } },
    });
    const body = Array.from({ length: 3 }, (_, i) => JSON.stringify(row(`${i} ${'word\n'.repeat(1_000_000)}`))).join(
      '\n',
    );
    const response = await lake.app.inject({
      method: 'POST',
      url: '/v1/tasks/books/examples',
      headers: { 'content-type': NDJSON },
      payload: body,
    });
    assert.equal(response.json().accepted, 3);
    const list = await lake.app.inject({ url: '/v1/tasks/books/examples' });
    assert.equal(list.json().data.length, 2, 'a page is bounded by size');
    assert.notEqual(list.json().next_cursor, null);
  });
});

describe('what is refused as a whole', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => JSON.stringify(row(`text ${i}`)));
  const cases: [string, string, string | Buffer, string, (answer: Answer) => void, Record<string, string>?][] = [
    [
      'UTF-16 with mark',
      CSV,
      Buffer.from('\ufefftext,label\nhi,ok', 'utf16le'),
      'invalid_encoding',
      (a) => assert.equal(a.byte, 0),
    ],
    [
      'UTF-16 without mark',
      CSV,
      Buffer.from('text,label\nhi,ok', 'utf16le'),
      'invalid_encoding',
      (a) => assert.match(a.detail, /UTF-16/),
    ],
    [
      'Latin-1',
      CSV,
      Buffer.from('text,label\nfine,ok\ngr\xfc\xdfe,ok\n', 'latin1'),
      'invalid_encoding',
      (a) => assert.deepEqual([a.byte, a.line], [21, 3]),
    ],
    [
      'cut character at the end',
      CSV,
      Buffer.from('text,label\nhi,ok\n€').subarray(0, -1),
      'invalid_encoding',
      (a) => assert.deepEqual([a.byte, a.line], [17, 3]),
    ],
    [
      'surrogates in UTF-8',
      NDJSON,
      Buffer.concat([
        Buffer.from('{"input":{"text":"'),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from('"},"label":"ok"}'),
      ]),
      'invalid_encoding',
      (a) => assert.equal(a.byte, 18),
    ],
    ['gzip that is not said to be', NDJSON, gzipSync('{}'), 'invalid_encoding', (a) => assert.match(a.detail, /gzip/)],
    [
      'gzip twice',
      NDJSON,
      gzipSync(gzipSync(many(1).join())),
      'invalid_encoding',
      (a) => assert.match(a.detail, /gzip/),
      { 'content-encoding': 'gzip' },
    ],
    [
      'stacked encodings',
      NDJSON,
      gzipSync(gzipSync(many(1).join())),
      'unsupported_encoding',
      () => {},
      { 'content-encoding': 'gzip, gzip' },
    ],
    ['brotli', NDJSON, 'x', 'unsupported_encoding', () => {}, { 'content-encoding': 'br' }],
    [
      'truncated gzip',
      NDJSON,
      gzipSync(many(1000).join('\n')).subarray(0, -100),
      'invalid_gzip',
      (a) => assert.match(a.detail, /ends before/),
      { 'content-encoding': 'gzip' },
    ],
    ['garbage as gzip', NDJSON, 'not gzip at all', 'invalid_gzip', () => {}, { 'content-encoding': 'gzip' }],
    [
      'gzip bomb',
      NDJSON,
      gzipSync(`${JSON.stringify(row('x'))}\n`.repeat(1_000_000)),
      'decompression_limit',
      () => {},
      { 'content-encoding': 'gzip' },
    ],
    ['another charset', 'text/csv; charset=iso-8859-1', 'text,label\na,ok', 'invalid_encoding', () => {}],
    ['another type', 'application/xml', '<a/>', 'unsupported_media_type', () => {}],
    ['CSV without header', 'text/csv; header=absent', 'a,ok', 'unsupported_media_type', () => {}],
    ['empty CSV', CSV, '', 'no_examples', () => {}],
    ['only a header', CSV, 'text,label\n', 'no_examples', () => {}],
    ['empty NDJSON', NDJSON, '\n\n', 'no_examples', () => {}],
    ['empty list', JSON_TYPE, '{"examples":[]}', 'no_examples', () => {}],
    ['no JSON at all', JSON_TYPE, '', 'invalid_json', () => {}],
    [
      'JSON as CSV',
      CSV,
      '{"examples":[{"input":{"text":"a"},"label":"ok"}]}',
      'unknown_column',
      (a) => assert.match(a.detail, /JSON/),
    ],
    ['CSV as JSON', JSON_TYPE, 'text,label\na,ok', 'invalid_json', (a) => assert.equal(a.byte, 0)],
    ['a bare list', JSON_TYPE, '[{"input":{"text":"a"},"label":"ok"}]', 'invalid_json', () => {}],
    [
      'cut JSON',
      JSON_TYPE,
      `{"examples":[${many(3).join(',')}`,
      'invalid_json',
      (a) => assert.match(a.detail, /too early/),
    ],
    ['JSON and more', JSON_TYPE, `{"examples":[${many(3).join(',')}]} x`, 'invalid_json', () => {}],
    ['a trailing comma', JSON_TYPE, `{"examples":[${many(3).join(',')},]}`, 'invalid_json', () => {}],
    [
      'a missing comma',
      JSON_TYPE,
      `{"examples":[${many(3).join(' ')}]}`,
      'invalid_json',
      (a) => assert.match(a.detail, /example 1 /),
    ],
    ['another field', JSON_TYPE, '{"rows":[]}', 'unknown_field', (a) => assert.equal(a.errors[0].pointer, '/rows')],
    [
      'a field after',
      JSON_TYPE,
      `{"examples":[${many(1)}],"dry_run":true}`,
      'unknown_field',
      (a) => assert.equal(a.errors[0].pointer, '/dry_run'),
    ],
    ['examples twice', JSON_TYPE, `{"examples":[${many(1)}],"examples":[]}`, 'invalid_json', () => {}],
    ['__proto__ at the top', JSON_TYPE, '{"__proto__":{"examples":[]}}', 'unknown_field', () => {}],
    [
      'nesting 100,000 deep',
      JSON_TYPE,
      `{"examples":[${'['.repeat(100_000)}`,
      'invalid_json',
      (a) => assert.match(a.detail, /nested/),
    ],
    [
      'a huge element',
      JSON_TYPE,
      `{"examples":["${'x'.repeat(3_000_000)}"]}`,
      'row_too_large',
      (a) => assert.equal(a.errors[0].pointer, '/examples/0'),
    ],
    [
      'an unknown column',
      CSV,
      'text,label,comment\na,ok,b',
      'unknown_column',
      (a) => assert.match(a.detail, /comment/),
    ],
    ['a column twice', CSV, 'text,label,input.text\na,ok,b', 'duplicate_column', () => {}],
    ['no label column', CSV, 'text,subject\na,b', 'missing_column', () => {}],
    ['no text column', CSV, 'label,subject\na,b', 'missing_column', () => {}],
    [
      'a quote that never closes',
      CSV,
      `text,label\nfine,ok\n"open,ok\n${'more,ok\n'.repeat(100)}`,
      'invalid_csv',
      (a) => assert.match(a.detail, /never closed/),
    ],
    [
      'a quote that never closes, at length',
      CSV,
      `text,label\n"open,ok\n${'more,ok\n'.repeat(1_000_000)}`,
      'row_too_large',
      () => {},
    ],
    ['a stray quote', CSV, 'text,label\nfine,ok\n5" nails,ok\n', 'invalid_csv', (a) => assert.equal(a.line, 3)],
    ['text after a quote', CSV, 'text,label\n"fine"r,ok\n', 'invalid_csv', (a) => assert.equal(a.line, 2)],
    ['an endless header', CSV, 'x'.repeat(200_000), 'invalid_csv', (a) => assert.equal(a.line, 1)],
  ];
  for (const [name, type, body, code, check, headers] of cases) {
    test(name, async () => {
      for (const query of ['', '?on_invalid=skip']) {
        const started = process.memoryUsage().rss;
        const answer = await post(body, type, query, headers);
        assert.equal(answer.body.code, code, JSON.stringify(answer.body).slice(0, 500));
        check(answer.body);
        assert.ok(process.memoryUsage().rss - started < 100 * 2 ** 20, 'memory stays bounded');
        assert.equal(await lake.count(), 0);
        assert.equal(lake.spool.openFiles, 0);
      }
    });
  }
});

describe('bad rows', () => {
  const bad: [string, string, string][] = [
    ['not JSON', '{"input":', 'invalid_json'],
    ['not an object', '17', 'wrong_type'],
    ['null', 'null', 'wrong_type'],
    ['no input', '{"label":"ok"}', 'required'],
    ['input is text', '{"input":"hi","label":"ok"}', 'wrong_type'],
    ['text outside of input', '{"text":"hi","label":"ok"}', 'unknown_field'],
    ['unknown input field', '{"input":{"text":"a","title":"b"},"label":"ok"}', 'unknown_field'],
    ['text is a number', '{"input":{"text":1},"label":"ok"}', 'wrong_type'],
    ['text is deep', `{"input":{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}},"label":"ok"}`, 'invalid_json'],
    ['text is a little deep', '{"input":{"text":[[[]]]},"label":"ok"}', 'wrong_type'],
    ['a hundred thousand fields', `{"input":{"text":[${'{},'.repeat(100_000)}1]},"label":"ok"}`, 'invalid_json'],
    ['empty text', '{"input":{"text":" "},"label":"ok"}', 'too_short'],
    ['no label', '{"input":{"text":"a"}}', 'required'],
    ['empty label', '{"input":{"text":"a"},"label":""}', 'too_short'],
    ['unknown label', '{"input":{"text":"a"},"label":"OK"}', 'unknown_label'],
    ['NUL', '{"input":{"text":"a\\u0000b"},"label":"ok"}', 'invalid_text'],
    ['half a surrogate pair', '{"input":{"text":"a\\ud800b"},"label":"ok"}', 'invalid_text'],
    ['__proto__', '{"input":{"text":"a","__proto__":{"x":1}},"label":"ok"}', 'unknown_field'],
    ['__proto__ in the row', '{"__proto__":{"label":"ok"},"input":{"text":"a"},"label":"ok"}', 'unknown_field'],
    ['constructor', '{"input":{"text":"a"},"constructor":1,"label":"ok"}', 'unknown_field'],
    ['__proto__ attribute', '{"input":{"text":"a"},"label":"ok","attributes":{"__proto__":"x"}}', 'invalid_name'],
    ['nested attribute', '{"input":{"text":"a"},"label":"ok","attributes":{"a":{}}}', 'wrong_type'],
    ['infinite attribute', '{"input":{"text":"a"},"label":"ok","attributes":{"a":1e999}}', 'wrong_type'],
    ['a date', '{"input":{"text":"a"},"label":"ok","occurred_at":"2026-05-01"}', 'invalid_time'],
    ['30 February', '{"input":{"text":"a"},"label":"ok","occurred_at":"2026-02-30T00:00:00Z"}', 'invalid_time'],
    ['a number as subject', '{"input":{"text":"a"},"label":"ok","subject":5}', 'wrong_type'],
    ['too large a line', `"${'x'.repeat(3_000_000)}"`, 'row_too_large'],
  ];
  test('reject stores nothing and names every bad row; skip stores the others', async () => {
    const lines = bad.flatMap(([name, line]) => [JSON.stringify(row(`fine before ${name}`)), line]);
    const rejected = await post(lines.join('\n'), NDJSON);
    assert.equal(rejected.status, 400);
    assert.equal(rejected.body.code, 'examples_invalid');
    assert.equal(rejected.body.accepted, 0);
    assert.equal(rejected.body.rejected, bad.length);
    assert.deepEqual(
      rejected.body.problems.map((problem: Answer) => [problem.line, problem.code]),
      bad.map(([, , code], i) => [2 * i + 2, code]),
    );
    assert.equal(await lake.count(), 0);

    const skipped = await post(lines.join('\n'), NDJSON, '?on_invalid=skip');
    assert.equal(skipped.status, 200);
    assert.equal(skipped.body.accepted, bad.length);
    assert.equal(skipped.body.rejected, bad.length);
    assert.equal(await lake.count(), bad.length);
    assert.equal(({} as Answer).x, undefined, 'no prototype was changed');
  });

  test('one bad row at the very end refuses all', async () => {
    const body = `text,label\n${Array.from({ length: 5000 }, (_, i) => `text ${i},ok`).join('\n')}\nlast,nope\n`;
    const answer = await post(body, CSV);
    assert.deepEqual([answer.body.rejected, answer.body.problems[0].line], [1, 5002]);
    assert.equal(await lake.count(), 0);
  });

  test('CSV rows with too few or too many fields, after fields of several lines', async () => {
    const answer = await post(
      'text,label\n"a\nb\nc",ok\nonly one\n"x\ny",ok,more\n"z\n",ok\n',
      CSV,
      '?on_invalid=skip',
    );
    assert.equal(answer.body.accepted, 2);
    assert.deepEqual(
      answer.body.problems.map((problem: Answer) => [problem.line, problem.code]),
      [
        [5, 'wrong_field_count'],
        [6, 'wrong_field_count'],
      ],
    );
  });

  test('problems point into a JSON body', async () => {
    const body = JSON.stringify({ examples: [row('a'), row('b', 'nope'), { ...row('c'), attributes: { 'a/b': [] } }] });
    const answer = await post(body, JSON_TYPE);
    assert.deepEqual(
      answer.body.problems.map((problem: Answer) => problem.pointer),
      ['/examples/1/label', '/examples/2/attributes/a~1b'],
    );
    assert.equal(answer.body.errors[0].pointer, '/examples/1/label');
  });

  test('only the first 100 problems are listed, all are counted', async () => {
    const body = `text,label\n${'x,nope\n'.repeat(250)}`;
    const answer = await post(body, CSV);
    assert.deepEqual([answer.body.rejected, answer.body.problems.length], [250, 100]);
  });

  test('new labels are added when asked for, and not when the import is refused', async () => {
    const refused = await post('text,label\na,brand new\n,ok\n', CSV, '?new_labels=add');
    assert.equal(refused.body.code, 'examples_invalid');
    assert.ok(!(await lake.rules.taskFor(workspace, 'moderation')).labels.includes('brand new'));
    const answer = await post('text,label\na,brand new\nb,ok\n', CSV, '?new_labels=add');
    assert.deepEqual(answer.body.new_labels, ['brand new']);
    assert.ok((await lake.rules.taskFor(workspace, 'moderation')).labels.includes('brand new'));
    const flood = await post(
      `text,label\n${Array.from({ length: 1001 }, (_, i) => `t,l${i}`).join('\n')}`,
      CSV,
      '?new_labels=add',
    );
    assert.equal(flood.body.code, 'too_many_labels');
  });

  test('unknown query parameters and values are refused', async () => {
    for (const query of ['?on_invalid=maybe', '?new_labels=1', '?dry_run=true']) {
      assert.equal((await post('text,label\na,ok', CSV, query)).status, 400, query);
    }
    assert.equal(await lake.count(), 0);
  });
});

describe('duplicates', () => {
  test('the same input with the same label is stored once, within and across imports', async () => {
    const body = ['hello  world', ' hello world', 'hello\tworld', 'Hello world']
      .map((text) => JSON.stringify(row(text)))
      .join('\n');
    assert.deepEqual(pick((await post(body, NDJSON)).body), [2, 2, 0]);
    assert.deepEqual(pick((await post(body, NDJSON)).body), [0, 4, 0]);
    assert.equal(await lake.count(), 2);
  });

  test('the same input with another label is a conflict: both are kept and marked', async () => {
    await post(JSON.stringify(row('contested', 'ok')), NDJSON);
    const body = [row('contested', 'spam'), row('peaceful'), row('new', 'ok'), row('new', 'spam'), row('new', 'toxic')];
    const answer = await post(JSON.stringify({ examples: body }), JSON_TYPE);
    assert.deepEqual(pick(answer.body), [5, 0, 3]);
    const list = await lake.app.inject({ url: '/v1/tasks/moderation/examples?conflicts=only' });
    assert.deepEqual(
      list.json().data.map((example: Answer) => [example.input.text, example.label]),
      [
        ['contested', 'ok'],
        ['contested', 'spam'],
        ['new', 'ok'],
        ['new', 'spam'],
        ['new', 'toxic'],
      ],
    );
    const stats = await lake.app.inject({ url: '/v1/tasks/moderation/examples/stats' });
    assert.equal(stats.json().conflicts, 5);
    assert.equal(stats.json().examples, 6);
  });

  test('imports of the same rows at once store each row once', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => JSON.stringify(row(`text ${i}`)));
    const answers = await Promise.all([
      post(rows.join('\n'), NDJSON),
      post([...rows].reverse().join('\n'), NDJSON),
      post(rows.join('\n'), NDJSON),
      post([...rows].reverse().join('\n'), NDJSON),
    ]);
    assert.equal(
      answers.reduce((sum, answer) => sum + answer.body.accepted, 0),
      2000,
    );
    assert.equal(await lake.count(), 2000);
  });

  const pick = (body: Answer) => [body.accepted, body.duplicates, body.conflicts];
});

describe('reading', () => {
  test('pages are stable while rows are added', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => row(`text ${i}`, i % 2 === 0 ? 'ok' : 'spam'));
    await post(JSON.stringify({ examples: rows }), JSON_TYPE);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = (
        await lake.app.inject({
          url: `/v1/tasks/moderation/examples?limit=10${cursor === '' ? '' : `&cursor=${cursor}`}`,
        })
      ).json();
      seen.push(...page.data.map((example: Answer) => example.input.text));
      cursor = page.next_cursor;
      if (seen.length === 10) await post(JSON.stringify(row('added meanwhile')), NDJSON);
    }
    assert.deepEqual(seen, [...rows.map((example) => example.input.text), 'added meanwhile']);
    const spam = await lake.app.inject({ url: '/v1/tasks/moderation/examples?label=spam&limit=200' });
    assert.equal(spam.json().data.length, 12);
    const forged = await lake.app.inject({ url: '/v1/tasks/moderation/examples?cursor=xyz' });
    assert.equal(forged.json().code, 'invalid_cursor');
  });

  test('a row can be removed; another workspace sees and removes nothing', async () => {
    await post(JSON.stringify(row('to go')), NDJSON);
    const [example] = await stored();
    lake.rules.set('ws_other', 'moderation', {
      taskId: 'task_1',
      labels: ['ok'],
      input: { text: { type: 'string', max_length: 10 } },
    });
    const foreign = { 'x-workspace': 'ws_other' };
    // The other workspace even names this task's id: row-level security still gives it nothing.
    const list = await lake.app.inject({ url: '/v1/tasks/moderation/examples', headers: foreign });
    assert.deepEqual(list.json().data, []);
    const url = `/v1/tasks/moderation/examples/${example!.id}`;
    assert.equal((await lake.app.inject({ method: 'DELETE', url, headers: foreign })).json().code, 'example_not_found');
    assert.equal(await lake.count(), 1);
    assert.equal((await lake.app.inject({ method: 'DELETE', url })).statusCode, 204);
    assert.equal((await lake.app.inject({ method: 'DELETE', url })).json().code, 'example_not_found');
  });
});

test('a client that goes away in the middle leaves nothing behind', async () => {
  await lake.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = lake.app.server.address() as AddressInfo;
  for (const encoding of ['identity', 'gzip']) {
    const imported = new Promise<unknown>((resolve) => {
      const original = lake.examples.import.bind(lake.examples);
      lake.examples.import = (...parameters) => {
        lake.examples.import = original;
        const result = original(...parameters);
        result.then(resolve, resolve);
        return result;
      };
    });
    const outgoing = request({
      port,
      method: 'POST',
      path: '/v1/tasks/moderation/examples',
      headers: { 'content-type': NDJSON, 'content-encoding': encoding },
    });
    outgoing.on('error', () => {});
    const lines = `${Array.from({ length: 2000 }, (_, i) => JSON.stringify(row(`lost ${i}`))).join('\n')}\n`;
    const body = encoding === 'gzip' ? gzipSync(lines).subarray(0, 5000) : Buffer.from(lines);
    await new Promise<void>((resolve) => outgoing.write(body, () => resolve()));
    outgoing.destroy();
    const result = (await imported) as { code?: string };
    assert.equal(result.code, 'upload_interrupted');
    assert.equal(await lake.count(), 0);
    assert.equal(lake.spool.openFiles, 0);
  }
});
