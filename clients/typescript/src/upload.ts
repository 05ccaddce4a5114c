import type { RequestBody } from './transport.ts';

/** Bytes or text in any of the shapes that runtimes have. A function makes it anew, so that a failed try can be repeated. */
export type Bytes = string | Blob | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;
export type UploadSource = Bytes | (() => Bytes);

export interface UploadOptions {
  /** Compress on the way. */
  gzip: boolean;
  /** Bytes of the source taken so far, before compression. */
  onProgress?: ((bytes: number) => void) | undefined;
}

/** Browsers cannot stream a request over HTTP/1.1: there the body is collected first. */
const IS_BROWSER = typeof (globalThis as { document?: unknown }).document !== 'undefined';

/**
 * A request body that is read no faster than the connection takes it. Text, blobs and functions can be sent again;
 * a stream is used up by the first attempt.
 */
export function uploadOf(source: UploadSource, options: UploadOptions): RequestBody {
  const repeatable = typeof source === 'function' || isWhole(source);
  let failure: unknown;
  return {
    repeatable,
    failure: () => failure,
    make: (moved) => {
      const bytes = typeof source === 'function' ? source() : source;
      let done = 0;
      const counted = streamOf(bytes, {
        chunk: (size) => {
          done += size;
          moved();
          options.onProgress?.(done);
        },
        broke: (error) => {
          failure = error ?? new Error('the source of the upload broke');
        },
      });
      const body = options.gzip
        ? counted.pipeThrough(new CompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>)
        : counted;
      return IS_BROWSER ? new Response(body as ConstructorParameters<typeof Response>[0]).blob() : body;
    },
  };
}

const isWhole = (bytes: Bytes) => typeof bytes === 'string' || bytes instanceof Blob || bytes instanceof Uint8Array;

/** Large enough to be cheap, small enough that progress moves. */
const PIECE = 64 * 1024;

async function* piecesOf(bytes: Bytes): AsyncGenerator<Uint8Array | string> {
  if (typeof bytes === 'string') {
    const encoded = new TextEncoder().encode(bytes);
    for (let at = 0; at < encoded.length; at += PIECE) yield encoded.subarray(at, at + PIECE);
  } else if (bytes instanceof Uint8Array) {
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  } else if (bytes instanceof Blob) {
    yield* bytes.stream() as unknown as AsyncIterable<Uint8Array>;
  } else {
    yield* bytes as AsyncIterable<Uint8Array | string>;
  }
}

function streamOf(
  bytes: Bytes,
  on: { chunk(size: number): void; broke(error: unknown): void },
): ReadableStream<Uint8Array> {
  const pieces = piecesOf(bytes);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done === true) {
            controller.close();
            return;
          }
          const chunk = typeof value === 'string' ? encoder.encode(value) : value;
          on.chunk(chunk.byteLength);
          controller.enqueue(chunk);
        } catch (error) {
          on.broke(error);
          controller.error(error);
        }
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}
