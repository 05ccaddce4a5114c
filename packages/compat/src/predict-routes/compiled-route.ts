import type { FieldProblem } from '@understudy/kernel';
import type { Decision, PredictionRequest } from '@understudy/wire';
import type { PredictRoute, PredictRouteDefinition } from './predict-route.ts';
import { compileMapping, type MappedItem, unmapped } from './request-mapping.ts';
import { compileTemplate, decisionFacts, envelopeFacts } from './template.ts';

/** A request read, ready to be decided. */
export interface MappedCall {
  items: PredictionRequest[];
  /** The answer, once each item has its decision. */
  answer(decisions: readonly Decision[]): { status: number; body: string };
}

/** A route ready to be used. */
export interface CompiledRoute {
  task: string;
  /** @throws `request_unmapped` with every place, before anything is decided */
  map(body: unknown): MappedCall;
}

/** An answer to many items is no longer than about this many characters. */
const MOST_ANSWER = 16_000_000;

/** Makes a definition ready; what is wrong with it is added to `problems`. */
export function compileRoute(definition: PredictRouteDefinition, problems: FieldProblem[]): CompiledRoute {
  const { labels } = definition;
  const mapping = compileMapping(definition.request, problems);
  const automated = compileTemplate(definition.response, decisionFacts, '/response', problems);
  const review = compileTemplate(definition.review.response, decisionFacts, '/review/response', problems);
  const many = definition.request.items !== undefined;
  const envelope =
    definition.envelope === undefined
      ? null
      : compileTemplate(definition.envelope, envelopeFacts, '/envelope', problems);
  if (envelope !== null && !many) {
    problems.push({
      pointer: '/envelope',
      code: 'predict_route_invalid',
      detail: 'an envelope stands around many answers: name `request.items`',
    });
  }
  if (many && definition.review.status !== 200) {
    problems.push({
      pointer: '/review/status',
      code: 'predict_route_invalid',
      detail: 'many items are answered with one status',
    });
  }
  const translated = (label: string | null | undefined) =>
    label === null || label === undefined ? null : Object.hasOwn(labels, label) ? labels[label]! : label;

  const rendered = (decision: Decision, request: unknown, item: unknown): unknown => {
    const { suggestion, candidates } = decision;
    const root = {
      ...decision,
      value: translated(decision.label),
      suggestion: suggestion == null ? null : { ...suggestion, value: translated(suggestion.label) },
      scores: Object.fromEntries(candidates.map(({ label, score }) => [label, score])),
      request,
      item,
    };
    return (decision.outcome === 'automated' ? automated : review).render(root);
  };

  return {
    task: definition.task,
    map(body) {
      const mapped = mapping.map(body);
      checkEchoes(mapped, body);
      return {
        items: mapped.map(({ request }) => request),
        answer(decisions) {
          const answers = decisions.map((decision, index) => rendered(decision, body, mapped[index]!.root));
          if (!many) {
            const status = decisions[0]!.outcome === 'review' ? definition.review.status : 200;
            return { status, body: JSON.stringify(answers[0]) };
          }
          const root = { answers, count: answers.length, request: body };
          return { status: 200, body: JSON.stringify(envelope === null ? answers : envelope.render(root)) };
        },
      };
    },
  };

  function checkEchoes(mapped: readonly MappedItem[], request: unknown): void {
    const problems: FieldProblem[] = [];
    let characters = envelope?.check({ request, item: null }, problems) ?? 0;
    for (const { root } of mapped) {
      const roots = { request, item: root };
      characters += Math.max(automated.check(roots, problems), review.check(roots, problems));
      if (problems.length > 1000) break;
    }
    if (characters > MOST_ANSWER) {
      const detail = `the answer would have about ${characters} characters; send fewer items`;
      problems.push({ pointer: '', code: 'request_unmapped', detail });
    }
    if (problems.length > 0) throw unmapped(problems);
  }
}

/** A stored route ready to be used: what is wrong with one was refused when it was written. */
export function compileStored(route: PredictRoute): CompiledRoute {
  return compileRoute(route.definition, []);
}
