import type { FieldProblem } from '@understudy/kernel';
import type { PredictionRequest } from '@understudy/wire';
import { decisionsErrors } from './errors.ts';

const BAD_TEXT = 'holds an unpaired surrogate or the character U+0000';

const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/** What a schema cannot see of one item. `at` is the item's own JSON pointer, empty for a single one. */
function problemsOf(request: PredictionRequest, maxLength: number, at: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { text } = request.input;
  if (text.length > maxLength) {
    const detail = `has ${text.length} UTF-16 code units; the task allows ${maxLength}`;
    problems.push({ pointer: `${at}/input/text`, code: 'input_too_long', detail });
  } else if (!storable(text)) {
    problems.push({ pointer: `${at}/input/text`, code: 'invalid_text', detail: BAD_TEXT });
  }
  for (const field of ['subject', 'external_id'] as const) {
    const value = request[field];
    if (value !== undefined && !storable(value)) {
      problems.push({ pointer: `${at}/${field}`, code: 'invalid_text', detail: BAD_TEXT });
    }
  }
  if (request.attributes !== undefined) {
    for (const [name, value] of Object.entries(request.attributes)) {
      if (storable(name) && (typeof value !== 'string' || storable(value))) continue;
      const pointer = `${at}/attributes/${name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
      problems.push({ pointer, code: 'invalid_text', detail: BAD_TEXT });
    }
  }
  return problems;
}

function raise(problems: FieldProblem[]): void {
  const first = problems[0];
  if (first === undefined) return;
  const error = first.code === 'input_too_long' ? decisionsErrors.input_too_long : decisionsErrors.invalid_text;
  throw error(`${first.pointer} ${first.detail}`, { problems });
}

/** Whether {@link checkItem} would let it pass. */
export function isItemFit(request: PredictionRequest, maxLength: number): boolean {
  return problemsOf(request, maxLength, '').length === 0;
}

/** Throws input_too_long or invalid_text with every pointer. */
export function checkItem(request: PredictionRequest, maxLength: number): void {
  raise(problemsOf(request, maxLength, ''));
}

/** The same for the items of a batch. */
export function checkItems(requests: readonly PredictionRequest[], maxLength: number): void {
  raise(requests.flatMap((request, index) => problemsOf(request, maxLength, `/items/${index}`)));
}
