import { parentPort, workerData } from 'node:worker_threads';
import { isUnderstudyError } from '@understudy/kernel';
import { inferenceErrors } from '../errors.ts';
import type { LoadedModel, ModelRuntime } from '../ports.ts';
import { decodeTexts, Op } from './frames.ts';
import { giveBackMemory } from './give-back-memory.ts';

/** One model on a thread of its own: whatever it does, it holds up only itself. */
interface ThreadMessage {
  call: number;
  op: number;
  payload: Uint8Array<ArrayBuffer>;
}

const { runtimes, format, maxMemoryBytes } = workerData as {
  runtimes: string[];
  format: string;
  maxMemoryBytes: number;
};
const port = parentPort!;
let model: LoadedModel | null = null;

async function load(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  for (const url of runtimes) {
    const { runtime } = (await import(url)) as { runtime: ModelRuntime };
    if (!runtime.formats.includes(format)) continue;
    model = await runtime.load(bytes, { maxMemoryBytes });
    // The file has done its work; an idle thread would hold it until it happens to collect.
    setImmediate(giveBackMemory);
    return Buffer.from(JSON.stringify({ labels: model.labels, memoryBytes: model.memoryBytes }));
  }
  throw inferenceErrors.model_artifact_invalid(`no runtime of this installation loads the format ${format}`);
}

/** `f32 microseconds an item · probabilities, row-major`. */
async function predict(loaded: LoadedModel, payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const texts = decodeTexts(payload);
  const startedAt = performance.now();
  const answered = loaded.predict(texts.map((text) => ({ text })));
  const probabilities = answered instanceof Float32Array ? answered : await answered;
  const microseconds = ((performance.now() - startedAt) * 1000) / texts.length;
  const answer = new Float32Array(1 + probabilities.length);
  answer[0] = microseconds;
  answer.set(probabilities, 1);
  return new Uint8Array(answer.buffer);
}

async function answer(message: ThreadMessage): Promise<Uint8Array<ArrayBuffer>> {
  if (message.op === Op.load) return load(message.payload);
  if (model === null) throw inferenceErrors.model_unavailable('the model is not loaded');
  if (message.op === Op.predict) return predict(model, message.payload);
  const { text, label, maxFeatures } = JSON.parse(Buffer.from(message.payload).toString()) as {
    text: string;
    label: string;
    maxFeatures: number;
  };
  const explanation = await model.explain({ text }, model.labels.indexOf(label), { maxFeatures });
  return Buffer.from(JSON.stringify(explanation));
}

/** What a runtime did not mean for callers stays in the log: it may hold a piece of the input or a path. */
function describe(error: unknown): { code: string; detail: string; cause: string } {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  if (isUnderstudyError(error)) return { code: error.code, detail: message, cause: '' };
  return { code: 'model_unavailable', detail: 'the model failed on this input', cause: message };
}

port.on('message', (message: ThreadMessage) => {
  const { call } = message;
  answer(message).then(
    (payload) => {
      const bytes = message.op === Op.load ? { bytes: model?.memoryBytes ?? 0 } : {};
      port.postMessage({ call, op: Op.ok, payload, ...bytes }, message.op === Op.predict ? [payload.buffer] : []);
    },
    (error: unknown) => {
      port.postMessage({ call, op: Op.failed, payload: Buffer.from(JSON.stringify(describe(error))) });
    },
  );
});
