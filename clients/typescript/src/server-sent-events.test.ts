import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvents } from './server-sent-events.ts';
import { collect } from './testing/index.ts';

const streamOf = (...chunks: (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });

test('fields, comments, several data lines and ids that stay', async () => {
  const text = ': hello\nid: 1\nevent: progress\ndata: a\ndata:b\n\ndata: c\n\nid\ndata\n\n';
  assert.deepEqual(await collect(parseEvents(streamOf(text))), [
    { id: '1', event: 'progress', data: 'a\nb' },
    { id: '1', event: 'message', data: 'c' },
    { id: '', event: 'message', data: '' },
  ]);
});

test('any cut between chunks and any line ending gives the same events', async () => {
  const bytes = new TextEncoder().encode('id: 7\r\ndata: žluťoučký 😀\r\n\r\nid: 8\rdata: x\r\r');
  const expected = [
    { id: '7', event: 'message', data: 'žluťoučký 😀' },
    { id: '8', event: 'message', data: 'x' },
  ];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const events = await collect(parseEvents(streamOf(bytes.slice(0, cut), bytes.slice(cut), '\n')));
    assert.deepEqual(events, expected, `cut at ${cut}`);
  }
});

test('an event that the end cuts off is dropped, and retry is told', async () => {
  const retries: number[] = [];
  const events = await collect(
    parseEvents(streamOf('retry: 1500\ndata: whole\n\ndata: half\n'), (ms) => retries.push(ms)),
  );
  assert.deepEqual(
    events.map(({ data }) => data),
    ['whole'],
  );
  assert.deepEqual(retries, [1500]);
});
