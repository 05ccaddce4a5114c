import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeTexts, encodeFrame, encodeTexts, FrameReader, Op } from './frames.ts';

const frames = fc.array(
  fc.record(
    {
      call: fc.integer({ min: 0, max: 0xffff_ffff }),
      model: fc.integer({ min: 0, max: 0xffff_ffff }),
      op: fc.constantFrom(...Object.values(Op)),
      payload: fc.uint8Array({ maxLength: 300 }),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 20 },
);

test('however the stream is cut, the frames are the same', () => {
  fc.assert(
    fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (sent, cuts) => {
      const stream = Buffer.concat(
        sent.flatMap((frame) => encodeFrame(frame.call, frame.model, frame.op, frame.payload)),
      );
      const received: unknown[] = [];
      const reader = new FrameReader(({ payload, ...frame }) => {
        assert.equal(payload.byteOffset % 16, 0);
        assert.equal(payload.byteOffset + payload.byteLength, payload.buffer.byteLength);
        received.push({ ...frame, payload: new Uint8Array(payload) });
      });
      for (let at = 0; at < stream.length; ) {
        const size = cuts.next().value;
        reader.push(stream.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(received, sent);
    }),
    { numRuns: 300 },
  );
});

test('a payload does not change when the chunk that it came in is used again', () => {
  const received: Uint8Array[] = [];
  const chunk = Buffer.concat(encodeFrame(1, 1, Op.ok, Buffer.from('abc')));
  new FrameReader((frame) => received.push(frame.payload)).push(chunk);
  chunk.fill(0);
  assert.equal(Buffer.from(received[0]!).toString(), 'abc');
});

test('a length that no frame can have is refused', () => {
  for (const length of [0, 11, 0xffff_ffff]) {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(length, 0);
    assert.throws(() => new FrameReader(() => {}).push(head), /stream is broken/);
  }
});

test('texts of any script come back as they were, empty ones too', () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 }).map((value) => value.toWellFormed());
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      assert.deepEqual(decodeTexts(encodeTexts(texts)), texts);
    }),
  );
  const awkward = ['', '\ufeffmark', '👩‍👩‍👧', '日本語', '\u0000', ''];
  assert.deepEqual(decodeTexts(encodeTexts(awkward)), awkward);
});

test('an unpaired surrogate does not shift its neighbours', () => {
  const decoded = decodeTexts(encodeTexts(['a\ud83d', '\ude00b', 'c']));
  assert.deepEqual([decoded[0]!.length, decoded[1]!.length, decoded[2]], [2, 2, 'c']);
});
