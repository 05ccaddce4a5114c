import { inferenceErrors } from '../errors.ts';
import type { LoadedModel, ModelRuntime } from '../ports.ts';
import { echoProbabilities } from './echo-runtime.ts';

/** What an `unruly/1` artifact says, as JSON. */
export interface UnrulyArtifact {
  labels: string[];
  /** How loading goes wrong. */
  load?: 'refuses' | 'throws' | 'never ends' | 'loops';
}

/** Texts that make the model misbehave; it answers any other as the echo model does. */
export const UNRULY = {
  throws: 'THROW',
  loops: 'LOOP',
  neverAnswers: 'NEVER',
  fillsTheHeap: 'HEAP',
  fillsBuffers: 'BUFFERS',
  abortsTheProcess: 'ABORT',
  endsItsThread: 'EXIT',
  answersTooLittle: 'SHORT',
} as const;

function loop(): never {
  for (;;);
}

function misbehave(text: string): undefined | Promise<never> | Float32Array {
  const held: unknown[] = [];
  switch (text) {
    case UNRULY.throws:
      throw new Error(`a secret path and the text ${text}`);
    case UNRULY.loops:
      return loop();
    case UNRULY.neverAnswers:
      return new Promise<never>(() => {});
    case UNRULY.fillsTheHeap:
      for (;;) held.push(new Array(10_000).fill({ at: held.length }));
    case UNRULY.fillsBuffers:
      for (;;) held.push(Buffer.alloc(1 << 20, 1));
    case UNRULY.abortsTheProcess:
      process.kill(process.pid, 'SIGABRT'); // as native code does that finds itself broken
      return loop();
    case UNRULY.endsItsThread:
      return process.exit(3);
    case UNRULY.answersTooLittle:
      return new Float32Array(1);
    default:
      return undefined;
  }
}

/** A runtime whose models do everything that a model must not do. */
export const runtime: ModelRuntime = {
  name: 'unruly',
  formats: ['unruly/1'],
  load(bytes): LoadedModel | Promise<LoadedModel> {
    const { labels, load } = JSON.parse(Buffer.from(bytes).toString()) as UnrulyArtifact;
    if (load === 'refuses') throw inferenceErrors.model_artifact_invalid('the file says that it is not valid');
    if (load === 'throws') throw new Error('loading failed');
    if (load === 'never ends') return new Promise<never>(() => {});
    if (load === 'loops') return loop();
    return {
      labels,
      memoryBytes: bytes.byteLength,
      predict: (inputs) => {
        const texts = inputs.map(({ text }) => text);
        for (const text of texts) {
          const result = misbehave(text);
          if (result !== undefined) return result;
        }
        return echoProbabilities(texts, labels.length);
      },
      explain: () => {
        throw new Error('cannot explain');
      },
      close: () => {},
    };
  },
};
