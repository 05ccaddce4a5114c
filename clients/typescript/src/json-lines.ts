import { UnexpectedAnswer } from './errors.ts';

/** The values of a stream of JSON, one a line. A line that is not JSON, an unfinished last one too, is {@link UnexpectedAnswer}. */
export async function* parseLines<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<T> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      pending += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = pending.split('\n');
      pending = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield parsed<T>(line);
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parsed<T>(line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    const detail = 'a line of the answer is not JSON';
    throw new UnexpectedAnswer({ status: 200, code: 'unexpected_answer', detail, cause });
  }
}
