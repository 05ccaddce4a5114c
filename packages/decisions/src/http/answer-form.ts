import { createHash } from 'node:crypto';
import type { Decision } from '@understudy/wire';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, type AnswerForm, type IdempotentCall, jsonAnswers } from '../decide.ts';
import { decisionsErrors } from '../errors.ts';
import { writeDecisions } from './protobuf/write-decisions.ts';

export const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

/** In which form a request wants its answer. */
export interface WantedForm {
  answers: AnswerForm;
  protobuf: boolean;
  /** What `answers` wrote in bytes, as it is to be sent; of an answer that is replayed there is only its text. */
  written?: Buffer;
}

const json: WantedForm = { answers: jsonAnswers, protobuf: false };

/** What an idempotency key keeps is text: base64, made only where there is a key. */
function protobuf(keyed: boolean): WantedForm {
  const write = (decisions: readonly Decision[]): string => {
    const { buffer, byteOffset, byteLength } = writeDecisions(decisions);
    form.written = Buffer.from(buffer, byteOffset, byteLength);
    return keyed ? form.written.toString('base64') : '';
  };
  const form: WantedForm = { answers: { one: (decision) => write([decision]), batch: write }, protobuf: true };
  return form;
}

const mediaTypeOf = (header: string | undefined): string => {
  const [type = ''] = (header ?? '').split(';', 1);
  return type.trim().toLowerCase();
};

/** RFC 9110, 12.5.1: the most specific range that covers the type says how much it is wanted; 0 = not at all. */
function wish(accept: string, type: string): number {
  let best = -1;
  let weight = 0;
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const precision = name === type ? 2 : name === 'application/*' ? 1 : name === '*/*' ? 0 : -1;
    if (precision <= best) continue;
    best = precision;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    weight = q === undefined ? 1 : Number(q.slice(2)) || 0;
  }
  return weight;
}

/**
 * The form that `Accept` wants more; the request's own where it wants both equally or says nothing.
 *
 * @throws `not_acceptable` where it wants neither
 */
export function wantedForm(request: FastifyRequest): WantedForm {
  const { accept } = request.headers;
  if (accept === JSON_TYPE) return json;
  const inProtobuf = () => protobuf(request.headers['idempotency-key'] !== undefined);
  const own = () => (mediaTypeOf(request.headers['content-type']) === PROTOBUF ? inProtobuf() : json);
  if (accept === undefined || accept === '' || accept === '*/*') return own();
  const asJson = wish(accept, JSON_TYPE);
  const asProtobuf = wish(accept, PROTOBUF);
  if (asJson <= 0 && asProtobuf <= 0) {
    throw decisionsErrors.not_acceptable(`the answer can be ${JSON_TYPE} or ${PROTOBUF}; \`Accept\` wants neither`);
  }
  if (asJson === asProtobuf) return own();
  return asJson > asProtobuf ? json : inProtobuf();
}

/** A key's first answer is replayed as it was: asked for in another form, it is another request. */
export function keyedFor(form: WantedForm, call: IdempotentCall | undefined): IdempotentCall | undefined {
  if (call === undefined || !form.protobuf) return call;
  return { ...call, requestHash: createHash('sha256').update(call.requestHash).update(PROTOBUF).digest() };
}

export function sendAnswer(reply: FastifyReply, form: WantedForm, answer: Answer): FastifyReply {
  if (answer.replayed) reply.header('Idempotency-Replayed', 'true');
  if (form.protobuf) {
    const written = answer.replayed ? undefined : form.written;
    return reply.header('content-type', PROTOBUF).send(written ?? Buffer.from(answer.body, 'base64'));
  }
  return reply.header('content-type', 'application/json; charset=utf-8').send(answer.body);
}
