import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readHeldOut } from '../held-out-file.ts';
import type { TrainContext, Trainer, TrainJob, TrainProgress } from '../trainer.ts';

const WORDS = ['refund', 'card', 'stolen', 'transfer', 'rate', 'limit', 'verify', 'cash', 'top', 'exchange'];

/** A small job that can be learned: each label has its own words among common ones. */
export function trainableRows(rows: number, labels: number): { text: string; label: number; fold: number }[] {
  return Array.from({ length: rows }, (_, i) => {
    const label = i % labels;
    const common = WORDS[(i * 7) % WORDS.length];
    return {
      text: `please ${common} my topic${label} item number ${i % 13} subject${label}`,
      label,
      fold: (i * 3) % 5,
    };
  });
}

/** What every Trainer keeps to. */
export function trainerContract(name: string, open: () => Trainer): void {
  describe(`${name} keeps the Trainer contract`, () => {
    let folder: string;
    let made = 0;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'understudy-trainer-'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const jobOf = (
      rows: { text: string; label: number; fold: number }[],
      labels: number,
      more: Partial<TrainJob> = {},
    ) => {
      const path = join(folder, `${++made}.ndjson`);
      writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const names = Array.from({ length: labels }, (_, i) => `label ${i}`);
      const job: TrainJob = {
        kind: 'text_classification',
        data: { path, rows: rows.length, labels: names, folds: 5, validationFold: 0 },
        parameters: {},
        seed: 1,
        threads: 1,
        memoryLimitBytes: 1 << 30,
        outputPath: `${path}.model`,
        ...more,
      };
      return job;
    };
    const contextOf = (more: Partial<TrainContext> = {}): TrainContext => ({
      signal: new AbortController().signal,
      progress: () => {},
      log: () => {},
      ...more,
    });
    const refuses = (job: TrainJob, code: string, context = contextOf()) =>
      assert.rejects(open().train(job, context), (error: { code?: string }) => {
        assert.equal(error.code, code);
        assert.equal(existsSync(job.outputPath), false, 'a failed run leaves no artifact');
        return true;
      });

    test('it states what it can do', () => {
      const { capabilities } = open();
      assert.ok(capabilities.kinds.includes('text_classification'));
      assert.ok(capabilities.minLabels >= 2 && capabilities.maxLabels >= capabilities.minLabels);
      assert.ok(capabilities.maxRows > 0);
    });

    test('a run writes the artifact that it describes, with progress that never falls', async () => {
      const job = jobOf(trainableRows(120, 3), 3);
      const updates: TrainProgress[] = [];
      const trained = await open().train(job, contextOf({ progress: (update) => updates.push(update) }));
      const bytes = readFileSync(trained.path);
      assert.equal(trained.path, job.outputPath);
      assert.equal(trained.bytes, bytes.length);
      assert.equal(trained.sha256, createHash('sha256').update(bytes).digest('hex'));
      assert.equal(trained.validation.rows, trainableRows(120, 3).filter((row) => row.fold === 0).length);
      for (const share of ['accuracy', 'macroF1', 'expectedCalibrationError'] as const) {
        assert.ok(trained.validation[share] >= 0 && trained.validation[share] <= 1, share);
      }
      assert.ok(trained.validation.logLoss >= 0);
      assert.ok(trained.microsecondsPerPrediction > 0 && trained.durationSeconds > 0 && trained.peakMemoryBytes > 0);
      if (trained.heldOut !== null) {
        const held = await readHeldOut(trained.heldOut.path, 3);
        assert.equal(held.truths.length, trained.heldOut.rows);
        assert.ok(
          held.truths.length >= trained.validation.rows && held.truths.every((truth) => truth >= 0 && truth < 3),
        );
        for (let row = 0; row < held.truths.length; row++) {
          const sum = held.probabilities.subarray(row * 3, row * 3 + 3).reduce((total, p) => total + p, 0);
          assert.ok(Math.abs(sum - 1) < 1e-5, `${sum}`);
        }
      }
      assert.ok(updates.length > 0);
      let reached = 0;
      for (const { fraction, phase } of updates) {
        assert.ok(fraction >= reached && fraction <= 1, `${phase} fell from ${reached} to ${fraction}`);
        reached = fraction;
      }
    });

    test('the same seed gives the same bytes, whatever the number of threads', async () => {
      const rows = trainableRows(90, 3);
      const digests: string[] = [];
      for (const threads of [1, 2]) {
        const trained = await open().train(jobOf(rows, 3, { threads }), contextOf());
        digests.push(trained.sha256);
      }
      assert.equal(digests[0], digests[1]);
    });

    test('an unknown parameter is refused', async () => {
      await refuses(jobOf(trainableRows(60, 2), 2, { parameters: { no_such_parameter: 1 } }), 'unknown_parameter');
    });

    test('too little data is refused', async () => {
      const job = jobOf(trainableRows(2, 2), 2);
      await refuses(job, 'training_data_insufficient');
      const oneLabel = trainableRows(60, 2).map((row) => ({ ...row, label: 0 }));
      await refuses(jobOf(oneLabel, 2), 'training_data_insufficient');
    });

    test('a memory limit that cannot hold the job is refused', async () => {
      await refuses(jobOf(trainableRows(400, 4), 4, { memoryLimitBytes: 1024 }), 'training_out_of_memory');
    });

    test('an aborted run is cancelled and leaves nothing', async () => {
      await refuses(jobOf(trainableRows(60, 2), 2), 'training_cancelled', contextOf({ signal: AbortSignal.abort() }));
      const controller = new AbortController();
      const context = contextOf({ signal: controller.signal, progress: () => controller.abort() });
      await refuses(jobOf(trainableRows(400, 4), 4), 'training_cancelled', context);
    });
  });
}
