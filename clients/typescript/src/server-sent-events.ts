export interface ServerSentEvent {
  /** The last id seen so far; empty when the stream never gave one. */
  id: string;
  event: string;
  data: string;
}

const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * Parses an event stream (WHATWG HTML, 9.2.6). `retry` fields go to `onRetry`; an event that the end of the stream
 * cuts off is dropped, as the standard says.
 */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  onRetry: (milliseconds: number) => void = () => {},
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      pending += decoder.decode(value, { stream: true });
      if (pending.length > LONGEST_EVENT) throw new TypeError('an event is larger than 16 MiB');
      // A CR at the very end may be the first half of CRLF.
      const lines = pending.split(/\r\n|\n|\r(?!$)/);
      pending = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { id, event: event === '' ? 'message' : event, data: data.join('\n') };
          event = '';
          data = [];
          continue;
        }
        const colon = line.indexOf(':');
        const field = colon === -1 ? line : line.slice(0, colon);
        const content = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
        if (field === 'data') data.push(content);
        else if (field === 'event') event = content;
        else if (field === 'id' && !content.includes('\0')) id = content;
        else if (field === 'retry' && /^\d+$/.test(content)) onRetry(Number(content));
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
