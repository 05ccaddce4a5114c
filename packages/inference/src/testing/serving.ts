import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { Inference, type InferenceOptions, type ServableModel } from '../inference.ts';
import { type EchoArtifact, echoArtifact } from './echo-runtime.ts';
import type { UnrulyArtifact } from './unruly-runtime.ts';

/** Module URLs for `InferenceOptions.runtimes`. */
export const ECHO_RUNTIME = new URL('./echo-runtime.ts', import.meta.url).href;
export const UNRULY_RUNTIME = new URL('./unruly-runtime.ts', import.meta.url).href;

export const LABELS = ['even', 'odd'];

/** A model that answers well. */
export const echoModel = (key: string, artifact: Partial<EchoArtifact> = {}): ServableModel => ({
  key,
  format: 'echo/1',
  read: async () => echoArtifact({ labels: LABELS, ...artifact }),
});

/** A model that misbehaves on the texts of UNRULY. */
export const unrulyModel = (key: string, artifact: Partial<UnrulyArtifact> = {}): ServableModel => ({
  key,
  format: 'unruly/1',
  read: async () => Buffer.from(JSON.stringify({ labels: LABELS, ...artifact })),
});

/** Real processes with the two test runtimes. */
export function startInference(options: Partial<InferenceOptions> = {}): Inference {
  return new Inference({
    runtimes: [ECHO_RUNTIME, UNRULY_RUNTIME],
    hosts: 1,
    maxModelBytes: 64 * 2 ** 20,
    timeoutMs: 20_000,
    clock: new FakeClock(),
    logger: silentLogger,
    ...options,
  });
}

/** For assert.rejects: the error carries this code. */
export const hasCode = (expected: string) => (error: unknown) => {
  assert.equal((error as { code?: string }).code, expected, String(error));
  return true;
};

/** Waits for what other processes do. The test's own time limit is the bound. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await delay(10);
}
