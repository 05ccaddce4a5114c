import { compatErrors } from '../errors.ts';

/** A body as it came: what a schema would say in many words is said here in OpenAI's. */
type Fields = Readonly<Record<string, unknown>>;

function invalid(param: string, detail: string) {
  return compatErrors.openai_request_invalid(detail, {
    problems: [{ pointer: `/${param}`, code: 'openai_request_invalid', detail }],
  });
}

function unsupported(pointer: string, detail: string) {
  return compatErrors.openai_input_unsupported(detail, {
    problems: [{ pointer, code: 'openai_input_unsupported', detail }],
  });
}

/** The body as an object that has no other fields than these. @throws `openai_request_invalid` */
function fieldsOf(body: unknown, known: readonly string[]): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw compatErrors.openai_request_invalid('the body must be a JSON object');
  }
  for (const name of Object.keys(body)) {
    if (!known.includes(name)) throw invalid(name, `Unrecognized request argument supplied: ${name}`);
  }
  return body as Fields;
}

function modelOf({ model }: Fields): string | null {
  if (model === undefined || model === null) return null;
  if (typeof model !== 'string' || model === '') throw invalid('model', 'model must be a string that is not empty');
  return model;
}

/** Texts of `input`: one, or an array of them. `most` bounds how many. */
function textsOf(input: unknown, most: number): string[] {
  if (typeof input === 'string') return [input];
  if (input === undefined || input === null)
    throw invalid('input', 'you must provide `input`: a string or an array of strings');
  if (!Array.isArray(input)) throw invalid('input', '`input` must be a string or an array of strings');
  if (input.length === 0) throw invalid('input', '`input` must not be an empty array');
  if (input.length > most) {
    throw invalid('input', `\`input\` has ${input.length} entries; this server takes ${most} a request`);
  }
  const [first] = input;
  if (typeof first === 'number' || (Array.isArray(first) && (first.length === 0 || typeof first[0] === 'number'))) {
    throw unsupported('/input', 'arrays of tokens are not supported: send texts');
  }
  for (const [index, one] of input.entries()) {
    if (typeof one === 'string') continue;
    throw invalid(`input/${index}`, `\`input[${index}]\` must be a string`);
  }
  return input as string[];
}

/** A request for moderation: `model` null = none was named. */
export interface ModerationRequest {
  model: string | null;
  texts: string[];
}

const MOST_MODERATED = 1000;

/**
 * Reads `POST /openai/v1/moderations`. Parts of a multi-modal input are one text at most: images are refused, never
 * ignored.
 *
 * @throws `openai_request_invalid`, `openai_input_unsupported`
 */
export function readModeration(body: unknown): ModerationRequest {
  const fields = fieldsOf(body, ['model', 'input']);
  const model = modelOf(fields);
  const { input } = fields;
  const isParts =
    Array.isArray(input) && input.some((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (!isParts) return { model, texts: textsOf(input, MOST_MODERATED) };
  for (const [index, part] of (input as unknown[]).entries()) {
    const type = typeof part === 'object' && part !== null && 'type' in part ? part.type : undefined;
    if (type === 'text') continue;
    if (type === 'image_url')
      throw unsupported(`/input/${index}`, 'images are not supported: this task decides over text');
    throw unsupported(`/input/${index}`, `\`input[${index}]\` is no part of type text`);
  }
  if ((input as unknown[]).length > 1) {
    throw unsupported(
      '/input',
      'several parts of one input are not supported: send an array of strings, an input each',
    );
  }
  const part = (input as Fields[])[0]!;
  if (typeof part.text !== 'string') throw invalid('input/0/text', '`input[0].text` must be a string');
  for (const name of Object.keys(part)) {
    if (name !== 'type' && name !== 'text')
      throw invalid(`input/0/${name}`, `Unrecognized request argument supplied: ${name}`);
  }
  return { model, texts: [part.text] };
}

export interface EmbeddingRequest {
  model: string;
  texts: string[];
  dimensions: number;
  format: 'float' | 'base64';
}

export const LEAST_DIMENSIONS = 8;
export const MOST_DIMENSIONS = 3072;
export const DEFAULT_DIMENSIONS = 256;
const MOST_EMBEDDED = 2048;
/** Numbers in one answer: what is larger would hold up everybody else. */
const MOST_NUMBERS = 262_144;
/** UTF-16 code units of one request. */
const MOST_UNITS = 2_000_000;

/**
 * Reads `POST /openai/v1/embeddings`.
 *
 * @throws `openai_request_invalid`, `openai_input_unsupported`
 */
export function readEmbedding(body: unknown): EmbeddingRequest {
  const fields = fieldsOf(body, ['model', 'input', 'dimensions', 'encoding_format']);
  const model = modelOf(fields);
  if (model === null) throw invalid('model', 'you must provide a model parameter');
  const { dimensions = DEFAULT_DIMENSIONS, encoding_format: format = 'float' } = fields;
  if (typeof dimensions !== 'number' || !Number.isInteger(dimensions)) {
    throw invalid('dimensions', '`dimensions` must be an integer');
  }
  if (dimensions < LEAST_DIMENSIONS || dimensions > MOST_DIMENSIONS) {
    throw invalid('dimensions', `\`dimensions\` must be ${LEAST_DIMENSIONS}…${MOST_DIMENSIONS}`);
  }
  if (format !== 'float' && format !== 'base64') {
    throw invalid('encoding_format', '`encoding_format` must be float or base64');
  }
  const texts = textsOf(fields.input, MOST_EMBEDDED);
  for (const [index, text] of texts.entries()) {
    // As OpenAI: there is nothing to embed, and it is mostly a mistake.
    if (text === '')
      throw invalid(texts.length === 1 ? 'input' : `input/${index}`, '`input` must not be an empty string');
  }
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  if (units > MOST_UNITS) {
    throw invalid('input', `\`input\` has ${units} UTF-16 code units; this server takes ${MOST_UNITS} a request`);
  }
  if (texts.length * dimensions > MOST_NUMBERS) {
    const most = Math.floor(MOST_NUMBERS / dimensions);
    throw invalid('input', `with ${dimensions} dimensions, \`input\` has at most ${most} entries a request`);
  }
  return { model, texts, dimensions, format };
}
