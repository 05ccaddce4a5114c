import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Decision, ExplanationBody } from '@understudy/wire';
import type { Static } from 'typebox';

const { Varint, Bit64, LengthDelimited } = WireType;
const tag = (field: number, wire: WireType) => (field << 3) | wire;

const OUTCOMES = { automated: 1, review: 2 } as const;
const AUTOMATIONS = { certified: 1, uncertified: 2, off: 3 } as const;

/** Gives what is said for the second time the number of the first. */
class Table<T> {
  readonly #numbers = new Map<T, number>();

  numberOf(value: T): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  get values(): Iterable<T> {
    return this.#numbers.keys();
  }
}

/**
 * Decisions of one task as the `Decisions` of understudy.proto. The tables come last, as a message's fields may come in
 * any order: so one pass is enough.
 */
export function writeDecisions(decisions: readonly Decision[]): Uint8Array {
  const out = new BinaryWriter();
  const labels = new Table<string>();
  const models = new Table<string>();
  for (const decision of decisions) {
    out.uint32(tag(5, LengthDelimited)).fork();
    writeDecision(out, decision, labels, models);
    out.join();
  }
  for (const label of labels.values) out.uint32(tag(2, LengthDelimited)).string(label);
  for (const key of models.values) {
    const [rung, model, version] = key.split('\n') as [string, string, string];
    out.uint32(tag(3, LengthDelimited)).fork();
    out.uint32(tag(1, LengthDelimited)).string(rung);
    out.uint32(tag(2, LengthDelimited)).string(model);
    out.uint32(tag(3, LengthDelimited)).string(version).join();
  }
  const [first] = decisions;
  if (first !== undefined) {
    out.uint32(tag(1, LengthDelimited)).string(first.task);
    out.uint32(tag(4, LengthDelimited)).string(first.cost.currency);
  }
  return out.finish();
}

function writeDecision(out: BinaryWriter, decision: Decision, labels: Table<string>, models: Table<string>): void {
  out.uint32(tag(1, LengthDelimited)).string(decision.id);
  out.uint32(tag(2, Varint)).uint32(OUTCOMES[decision.outcome]);
  if (decision.label !== null) out.uint32(tag(3, Varint)).uint32(labels.numberOf(decision.label));
  if (decision.confidence !== null) out.uint32(tag(4, Bit64)).double(decision.confidence);
  if (decision.threshold !== null) out.uint32(tag(5, Bit64)).double(decision.threshold);
  out.uint32(tag(6, Varint)).uint32(AUTOMATIONS[decision.automation]);
  const { review, suggestion, decided_by: by } = decision;
  if (review !== undefined) {
    out.uint32(tag(7, LengthDelimited)).fork();
    if (review.item !== null) out.uint32(tag(1, LengthDelimited)).string(review.item);
    out.uint32(tag(2, LengthDelimited)).string(review.reason as string);
    if (suggestion) writeCandidate(out, 3, labels.numberOf(suggestion.label), suggestion.confidence);
    out.join();
  }
  for (const { label, score } of decision.candidates) writeCandidate(out, 8, labels.numberOf(label), score);
  if (by !== null) out.uint32(tag(9, Varint)).uint32(models.numberOf(`${by.rung}\n${by.model}\n${by.version}`));
  if (decision.external_id !== undefined) out.uint32(tag(10, LengthDelimited)).string(decision.external_id);
  out.uint32(tag(11, Varint)).int64(Date.parse(decision.created_at));
  out.uint32(tag(12, LengthDelimited)).string(decision.cost.amount);
  if (decision.explanation !== undefined) writeExplanation(out, decision.explanation as Static<typeof ExplanationBody>);
}

function writeCandidate(out: BinaryWriter, field: number, label: number, score: number): void {
  // Without fork and join, which would cost more than what they measure: two tags, a varint, a double.
  const size = label < 0x80 ? 11 : label < 0x4000 ? 12 : 13;
  out.uint32(tag(field, LengthDelimited)).uint32(size);
  out.uint32(tag(1, Varint)).uint32(label).uint32(tag(2, Bit64)).double(score);
}

function writeExplanation(out: BinaryWriter, explanation: Static<typeof ExplanationBody>): void {
  const { method, label, score, unit, bias, features, remainder } = explanation;
  out.uint32(tag(13, LengthDelimited)).fork();
  out.uint32(tag(1, LengthDelimited)).string(method);
  out.uint32(tag(2, LengthDelimited)).string(label);
  out.uint32(tag(3, Bit64)).double(score);
  out.uint32(tag(4, LengthDelimited)).string(unit);
  out.uint32(tag(5, Bit64)).double(bias);
  for (const { name, weight, span } of features) {
    out.uint32(tag(6, LengthDelimited)).fork();
    out.uint32(tag(1, LengthDelimited)).string(name).uint32(tag(2, Bit64)).double(weight);
    if (span !== undefined) {
      out.uint32(tag(3, LengthDelimited)).fork();
      for (const at of span) out.uint32(at);
      out.join();
    }
    out.join();
  }
  out.uint32(tag(7, Bit64)).double(remainder).join();
}
