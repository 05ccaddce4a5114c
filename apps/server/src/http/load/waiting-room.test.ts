import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadClass } from './admission.ts';
import { LONGEST_MS, PATIENCE_MS, WaitingRoom } from './waiting-room.ts';

const guest = (name: number | string, load: LoadClass = 'decide') => ({ name, load, gone: false });
const always = () => true;

test('the next place goes to whoever waits longest, predictions first', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  for (const one of [guest(1, 'ordinary'), guest(2), guest(3)]) assert.ok(room.enter(one, 0));
  assert.deepEqual([room.next(always)?.name, room.next(always)?.name, room.next(always)?.name], [2, 3, 1]);
  assert.equal(room.next(always), undefined);
});

test('whom there is no place for waits; another class may go before', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  room.enter(guest('read', 'ordinary'), 0);
  assert.equal(
    room.next((load) => load === 'decide'),
    undefined,
  );
  room.enter(guest('decide'), 0);
  assert.equal(room.next((load) => load === 'decide')?.name, 'decide');
});

test('after a moment without a place they are turned away', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  for (let i = 0; i < 10; i++) room.enter(guest(i), 0);
  assert.deepEqual([...room.overdue(0)], []);
  assert.deepEqual([...room.overdue(PATIENCE_MS - 1)], []);
  assert.equal([...room.overdue(PATIENCE_MS)].length, 10);
  assert.equal(room.size, 0);
});

test('not more are turned away than a share of those that are answered, however many ask again at once', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  const turnedAway = (answeredPerMillisecond: number, from: number) => {
    let count = 0;
    for (let now = from; now < from + 5_000; now += 5) {
      for (let i = 0; i < answeredPerMillisecond * 5; i++) room.answered();
      // Two thousand clients, each of which asks again as soon as it was refused.
      while (room.size < 2_000) room.enter(guest('again'), now);
      for (const _ of room.overdue(now)) count++;
    }
    return count / 5;
  };
  const idle = turnedAway(0, 0);
  assert.ok(idle >= 900 && idle <= 1_100, `${idle} a second`);
  const busy = turnedAway(10, 5_000);
  assert.ok(busy >= 3_500 && busy <= 5_000, `${busy} a second`);
});

test('nobody waits for longer than the longest, whatever it costs', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  for (let i = 0; i < 10_000; i++) room.enter(guest(i), 0);
  for (let now = 0; now < LONGEST_MS; now += 5) for (const _ of room.overdue(now));
  assert.ok(room.size > 0);
  for (const _ of room.overdue(LONGEST_MS));
  assert.equal(room.size, 0);
});

test('who went away is passed over, and takes nobody else’s turn', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  const gone = guest('gone');
  for (const one of [gone, guest('here'), guest('too')]) room.enter(one, 0);
  gone.gone = true;
  assert.equal(room.next(always)?.name, 'here');
  assert.deepEqual(
    [...room.overdue(0), ...room.overdue(PATIENCE_MS)].map(({ name }) => name),
    ['too'],
  );
});

test('long work does not wait, and the room is finite', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  assert.equal(room.enter(guest('export', 'bulk'), 0), false);
  let entered = 0;
  while (room.enter(guest(entered), 0)) entered++;
  assert.equal(entered, 20_000);
});

test('a long life leaves nothing behind', () => {
  const room = new WaitingRoom<ReturnType<typeof guest>>();
  for (let i = 0; i < 100; i++) room.enter(guest(i), 0);
  for (let i = 100; i < 20_000; i++) {
    room.enter(guest(i), 0);
    assert.equal(room.next(always)?.name, i - 100);
  }
  assert.equal(room.size, 100);
});
