import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isUnderstudyError, silentLogger } from '@understudy/kernel';
import { hashesOf, IMPORTED } from '../../example.ts';
import type { SnapshotRow } from '../../ports.ts';
import { ParquetDatasetFiles } from './dataset-files.ts';

const failed = (error: unknown) => isUnderstudyError(error) && error.code === 'dataset_failed';

function rowOf(text: string): SnapshotRow {
  const row = { input: { text }, label: 'ok', subject: null, external_id: null, occurred_at: null, attributes: {} };
  return { ...row, ...IMPORTED, ...hashesOf(row) };
}

async function withFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'understudy-parquet-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

test('a writer whose process is killed fails, and leaves nothing', () =>
  withFolder(async (directory) => {
    const files = await ParquetDatasetFiles.open({ directory, logger: silentLogger });
    const file = await files.scratch();
    const writer = file.writer();
    await writer.add([rowOf('one'), rowOf('two')]);
    await writer.abort();
    await assert.rejects(writer.finish('sha256:x'), failed);
    await file.close();
    assert.deepEqual(await readdir(directory), []);
  }));

test('a file that is not Parquet is dataset_failed', () =>
  withFolder(async (directory) => {
    const files = await ParquetDatasetFiles.open({ directory, logger: silentLogger });
    const file = await files.scratch();
    await file.save(
      (async function* () {
        yield Buffer.from('not Parquet at all');
      })(),
    );
    await assert.rejects(async () => {
      for await (const _ of file.rows());
    }, failed);
    await file.close();
  }));

test('texts of several megabytes are written and read', () =>
  withFolder(async (directory) => {
    const files = await ParquetDatasetFiles.open({ directory, logger: silentLogger });
    const file = await files.scratch();
    const writer = file.writer();
    for (let i = 0; i < 6; i++) await writer.add([rowOf(`${i} ${'some words '.repeat(300_000)}`)]);
    const written = await writer.finish('sha256:x');
    assert.equal(written.rows, 6);
    let characters = 0;
    for await (const rows of file.rows()) for (const row of rows) characters += row.text.length;
    assert.ok(characters > 19_000_000);
    await file.close();
  }));

test('what a dead process has left is swept at the next start, what a living one uses is not', () =>
  withFolder(async (directory) => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await mkdir(join(directory, `${pid}-0123456789abcdef`));
    await mkdir(join(directory, `${process.ppid}-0123456789abcdef`));
    await ParquetDatasetFiles.open({ directory, logger: silentLogger });
    assert.deepEqual(await readdir(directory), [`${process.ppid}-0123456789abcdef`]);
  }));
