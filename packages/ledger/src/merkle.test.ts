import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  completingLeaf,
  LogTree,
  logConsistencyPath,
  logInclusionPath,
  type NodeAddress,
  verifyConsistency,
} from './log-tree.ts';
import { EMPTY_HEAD, HASH_BYTES, headFromInclusion, inclusionPath, leafHash, leafOfText, treeHead } from './merkle.ts';

// RFC 6962 §2.1 word for word, over leaf data: slow, and the measure of everything else here.
const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const splitAt = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);

function mth(data: Buffer[]): Buffer {
  if (data.length === 0) return sha();
  if (data.length === 1) return sha(Buffer.of(0), data[0]!);
  const k = splitAt(data.length);
  return sha(Buffer.of(1), mth(data.slice(0, k)), mth(data.slice(k)));
}

function path(m: number, data: Buffer[]): Buffer[] {
  if (data.length === 1) return [];
  const k = splitAt(data.length);
  return m < k
    ? [...path(m, data.slice(0, k)), mth(data.slice(k))]
    : [...path(m - k, data.slice(k)), mth(data.slice(0, k))];
}

function subproof(m: number, data: Buffer[], whole: boolean): Buffer[] {
  if (m === data.length) return whole ? [] : [mth(data)];
  const k = splitAt(data.length);
  return m <= k
    ? [...subproof(m, data.slice(0, k), whole), mth(data.slice(k))]
    : [...subproof(m - k, data.slice(k), false), mth(data.slice(0, k))];
}

const leavesOf = (data: Buffer[]) => Buffer.concat(data.map((one) => leafHash(one)));
const someData = fc
  .array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 70 })
  .map((all) => all.map((one) => Buffer.from(one)));

/** A log with what each commit row would keep. */
function logOf(data: Buffer[]) {
  const log = new LogTree();
  const kept = data.map((one) => log.push(leafHash(one)));
  const read = async (addresses: readonly NodeAddress[]) =>
    addresses.map((address) => {
      const at = address.level * HASH_BYTES;
      return kept[completingLeaf(address)]!.subarray(at, at + HASH_BYTES);
    });
  return { log, read };
}

test('known answers of RFC 6962 test vectors', () => {
  const vectors = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const data = vectors.map((hex) => Buffer.from(hex, 'hex'));
  assert.equal(EMPTY_HEAD.toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(leafHash(data[0]!).toString('hex'), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  assert.equal(
    treeHead(leavesOf(data)).toString('hex'),
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  );
  assert.equal(leafOfText('é'), leafHash(Buffer.from('é')).toString('latin1'));
});

test('tree heads and inclusion paths are those of RFC 6962', () => {
  fc.assert(
    fc.property(someData, fc.nat(), (data, at) => {
      const index = at % data.length;
      const head = treeHead(leavesOf(data));
      assert.deepEqual(head, mth(data));
      const found = inclusionPath(index, leavesOf(data));
      assert.deepEqual(found, path(index, data));
      const leaf = leafHash(data[index]!);
      assert.deepEqual(headFromInclusion(leaf, index, data.length, found), head);
      assert.notDeepEqual(headFromInclusion(leafHash(Buffer.from('other')), index, data.length, found), head);
      assert.equal(headFromInclusion(leaf, index, data.length, [...found, leaf]), undefined);
      if (found.length > 0) assert.equal(headFromInclusion(leaf, index, data.length, found.slice(1)), undefined);
    }),
  );
});

test('a log kept as peaks has the heads and proofs of RFC 6962', async () => {
  await fc.assert(
    fc.asyncProperty(someData, fc.nat(), fc.nat(), async (data, a, b) => {
      const { log, read } = logOf(data);
      const index = a % data.length;
      const first = (b % data.length) + 1;
      assert.deepEqual(log.head, mth(data));
      assert.deepEqual(new LogTree(log.size, log.peaks).head, log.head);
      assert.deepEqual(await logInclusionPath(index, data.length, read), path(index, data));
      const proof = await logConsistencyPath(first, data.length, read);
      assert.deepEqual(proof, subproof(first, data, true));
      const old = { size: first, head: mth(data.slice(0, first)) };
      const now = { size: data.length, head: mth(data) };
      assert.ok(verifyConsistency(old, now, proof));
      const other = { size: first, head: sha(Buffer.from('other')) };
      assert.ok(!verifyConsistency(other, now, proof));
      if (proof.length > 0) {
        assert.ok(!verifyConsistency(old, { ...now, head: other.head }, proof));
        assert.ok(!verifyConsistency(old, now, proof.slice(0, -1)));
        assert.ok(!verifyConsistency(old, now, [...proof, proof[0]!]));
      }
    }),
  );
});
