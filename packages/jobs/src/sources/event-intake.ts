import type { IncomingMessage } from '@understudy/events';
import { sourceErrors } from './errors.ts';
import type { MessagePipeline, Processed } from './message-pipeline.ts';
import { parseJson, structured } from './parse.ts';
import type { SourceStore } from './ports.ts';
import type { Source, SourceProblem } from './source.ts';

/** One event of a request, as far as it could be read. */
interface Arrived {
  id: string | null;
  eventSource: string | null;
  type: string | null;
  /** Null: it is no event, and why. */
  message: IncomingMessage | null;
  problem: SourceProblem | null;
}

/** What became of an event. */
export interface Receipt {
  id: string | null;
  eventSource: string | null;
  source: string | null;
  status: 'accepted' | 'duplicate' | 'rejected';
  message: string | null;
  decision: string | null;
  problem: SourceProblem | null;
}

export const MOST_EVENTS = 200;
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

/** `POST /v1/events`: CloudEvents over HTTP (CloudEvents 1.0.2, HTTP binding), decided before they are answered. */
export class EventIntake {
  readonly #store: Pick<SourceStore, 'http'>;
  readonly #pipeline: Pick<MessagePipeline, 'process'>;

  constructor(ports: { store: Pick<SourceStore, 'http'>; pipeline: Pick<MessagePipeline, 'process'> }) {
    this.#store = ports.store;
    this.#pipeline = ports.pipeline;
  }

  /**
   * Takes the events of one request: each is decided once, by its `source` and `id`, however often it is sent. One
   * receipt an event, in order.
   *
   * @param source the source that takes all of them; null: the one whose `topic` is the event's `type`
   * @throws `invalid_event` and `message_malformed` for a request that holds no events, `too_many_events`,
   *   `source_not_found`, `source_paused`, `task_not_found`, and what passes: then send the request again
   */
  async take(
    workspace: string,
    request: { headers: Readonly<Record<string, string>>; body: Uint8Array },
    source: string | null,
  ): Promise<Receipt[]> {
    const arrived = arrivedIn(request);
    const sources = await this.#sources(workspace, arrived, source);
    const receipts = arrived.map((event): Receipt => {
      const taker = source === null ? sources.get(event.type ?? '') : sources.values().next().value;
      const problem =
        event.problem ??
        (taker === undefined
          ? { code: 'event_unrouted', detail: `no source of the bus http has the topic ${event.type}` }
          : null);
      const { id, eventSource } = event;
      const status = problem === null ? 'accepted' : 'rejected';
      return { id, eventSource, source: taker?.name ?? null, status, message: null, decision: null, problem };
    });
    for (const taker of new Set(sources.values())) {
      const indexes = receipts.flatMap(({ source: name, problem }, index) =>
        name === taker.name && problem === null ? [index] : [],
      );
      if (indexes.length === 0) continue;
      if (taker.paused)
        throw sourceErrors.source_paused(`the source ${taker.name} is paused`, { retryAfterSeconds: 60 });
      const messages = indexes.map((index) => arrived[index]!.message!);
      const processed = await this.#pipeline.process(taker, messages, { unprocessable: 'answer' });
      for (const [nth, result] of processed.entries()) settle(receipts[indexes[nth]!]!, result);
    }
    return receipts;
  }

  /** By event type, or the one that was named. */
  async #sources(workspace: string, arrived: readonly Arrived[], name: string | null): Promise<Map<string, Source>> {
    if (name !== null) {
      const [found] = await this.#store.http(workspace, { name });
      if (found === undefined) throw sourceErrors.source_not_found(`no source ${name} of the bus http`);
      return new Map([['', found]]);
    }
    const types = [...new Set(arrived.flatMap(({ type }) => (type === null ? [] : [type])))];
    const found = types.length === 0 ? [] : await this.#store.http(workspace, { types });
    return new Map(found.map((source) => [source.definition.topic, source]));
  }
}

function settle(receipt: Receipt, result: Processed): void {
  if (result.outcome === 'again') throw result.error;
  receipt.message = result.message;
  if (result.outcome === 'unprocessable') {
    receipt.status = 'rejected';
    receipt.problem = result.problem;
    return;
  }
  receipt.decision = result.decision;
  if (result.outcome === 'duplicate') receipt.status = 'duplicate';
}

function arrivedIn({ headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array }): Arrived[] {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === BATCH) {
    const events = parseJson(body);
    if (!Array.isArray(events) || events.length === 0) {
      throw sourceErrors.invalid_event('a batch is a JSON array of one event or more');
    }
    if (events.length > MOST_EVENTS) {
      throw sourceErrors.too_many_events(`${events.length} events; a request takes ${MOST_EVENTS}`);
    }
    return events.map((event) => structuredEvent(event, headers.traceparent));
  }
  if (type === STRUCTURED) return [structuredEvent(parseJson(body), headers.traceparent)];
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) attributes[name.slice(3)] = percentDecoded(value);
  }
  if (Object.keys(attributes).length === 0) {
    throw sourceErrors.invalid_event(
      `send ${STRUCTURED}, ${BATCH}, or the attributes as headers ce-id, ce-source, ce-type and ce-specversion`,
    );
  }
  const event: Record<string, unknown> = { ...attributes };
  return [
    arrivedAs(
      event,
      {
        ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value])),
        ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] }),
        ...(headers.traceparent === undefined ? {} : { traceparent: headers.traceparent }),
      },
      body,
    ),
  ];
}

/** The request's trace is the event's where it names none itself. */
function structuredEvent(event: unknown, traceparent: string | undefined): Arrived {
  const headers = { 'content-type': STRUCTURED, ...(traceparent === undefined ? {} : { traceparent }) };
  return arrivedAs(event, headers, Buffer.from(JSON.stringify(event)));
}

function arrivedAs(event: unknown, headers: Record<string, string>, body: Uint8Array): Arrived {
  const attribute = (name: string): string | null => {
    const value = typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value.slice(0, 2000) : null;
  };
  const arrived = { id: attribute('id'), eventSource: attribute('source'), type: attribute('type') };
  try {
    // Whether it is an event at all; its data is read by the source.
    structured(event);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { ...arrived, message: null, problem: { code, detail: message } };
  }
  return {
    ...arrived,
    problem: null,
    message: {
      id: null,
      key: attribute('partitionkey'),
      headers,
      body,
      place: null,
      redelivered: false,
      deliveries: null,
      correlationId: attribute('correlationid'),
      replyTo: null,
      at: null,
    },
  };
}

/** HTTP binding, 3.1.3.2: percent-encoded UTF-8; what does not decode stands as it is. */
function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
