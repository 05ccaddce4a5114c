import { parentPort } from 'node:worker_threads';
import { decodeModelFile, decodeTextModel, ModelFileError } from '@understudy/text';
import { Embedder } from './embedding.ts';

/** One call of {@link EmbeddingHost}: the file only when the thread said that it does not have the model. */
export interface EmbeddingCall {
  call: number;
  key: string;
  file: Uint8Array | null;
  texts: readonly string[];
  dimensions: number;
}

/** `absent`: send the file, too. */
export type EmbeddingReply =
  | { call: number; vectors: Float32Array<ArrayBuffer> }
  | { call: number; absent: true }
  | { call: number; invalid: string };

/** Models kept ready: those asked for last. */
const MOST_MODELS = 8;

const embedders = new Map<string, Embedder>();
const port = parentPort!;

function embedderOf({ key, file }: EmbeddingCall): Embedder | null {
  let embedder = embedders.get(key);
  if (embedder === undefined) {
    if (file === null) return null;
    embedder = new Embedder(decodeTextModel(decodeModelFile(file)).space);
  }
  embedders.delete(key);
  embedders.set(key, embedder);
  if (embedders.size > MOST_MODELS) embedders.delete(embedders.keys().next().value!);
  return embedder;
}

port.on('message', (message: EmbeddingCall) => {
  const { call, texts, dimensions } = message;
  let reply: EmbeddingReply;
  try {
    const embedder = embedderOf(message);
    if (embedder === null) reply = { call, absent: true };
    else {
      const vectors = new Float32Array(texts.length * dimensions);
      for (const [index, text] of texts.entries()) vectors.set(embedder.embed(text, dimensions), index * dimensions);
      reply = { call, vectors };
    }
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    reply = { call, invalid: error.message };
  }
  port.postMessage(reply, 'vectors' in reply ? [reply.vectors.buffer] : []);
});
