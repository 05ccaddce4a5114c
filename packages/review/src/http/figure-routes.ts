import { isId, type RoutePlugin } from '@understudy/kernel';
import { PageQuery, type ReviewGoldRequest, ReviewTaskQuery, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { reviewErrors } from '../errors.ts';
import type { Figures, ReviewerFigures, Share } from '../figures.ts';
import type { GoldItems } from '../gold.ts';
import type { Gold } from '../ports.ts';

export interface FigureRoutePorts {
  figures: Figures;
  gold: GoldItems;
}

const iso = (time: number) => new Date(time).toISOString();
const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
const roundedOrNull = (value: number | null) => (value === null ? null : rounded(value));

const presentShare = ({ n, count, rate, low, high }: Share) => ({
  n,
  count,
  rate: roundedOrNull(rate),
  low: roundedOrNull(low),
  high: roundedOrNull(high),
});

const presentReviewer = (figures: ReviewerFigures) => ({
  reviewer: figures.reviewer,
  verdicts: figures.verdicts,
  minutes: rounded(figures.minutes),
  median_seconds: rounded(figures.medianSeconds),
  last_verdict_at: iso(figures.lastVerdictAt),
  gold: presentShare(figures.gold),
  agreement: presentShare(figures.agreement),
  confirmation: {
    shown: presentShare(figures.confirmation.shown),
    blind: presentShare(figures.confirmation.blind),
    p_value: figures.confirmation.pValue,
  },
  estimated_accuracy: roundedOrNull(figures.estimatedAccuracy),
  flags: figures.flags,
});

const presentGold = (gold: Gold & { answered: number; correct: number }) => ({
  id: gold.id,
  task: gold.task,
  decision: gold.decision,
  label: gold.label,
  created_by: gold.createdBy,
  created_at: iso(gold.createdAt),
  answered: gold.answered,
  correct: gold.correct,
});

const GoldPath = Type.Object({ id: Type.String({ maxLength: 100 }) });
const GoldQuery = Type.Object({ ...PageQuery, task: Type.Optional(Slug) }, { additionalProperties: false });
const AgreementQuery = Type.Object({ task: Slug }, { additionalProperties: false });

/** What leads see of reviewers: `/v1/review/reviewers`, `…/agreement`, `…/gold`. */
export function figureRoutes({ figures, gold }: FigureRoutePorts): RoutePlugin {
  return (app) => {
    const lead = { policy: { kind: 'scope', scope: 'review:lead' } } as const;

    app.get<{ Querystring: { task?: string } }>(
      '/v1/review/reviewers',
      {
        config: lead,
        schema: {
          summary: 'Each reviewer’s figures',
          querystring: ReviewTaskQuery,
          response: { 200: { $ref: 'ReviewReviewers#' } },
        },
      },
      async ({ principal, query }) => {
        const { data, since } = await figures.reviewers(principal.workspace, query.task ?? null);
        return { data: data.map(presentReviewer), since: iso(since) };
      },
    );

    app.get<{ Querystring: { task: string } }>(
      '/v1/review/agreement',
      {
        config: lead,
        schema: {
          summary: 'How far reviewers of a task agree',
          querystring: AgreementQuery,
          response: { 200: { $ref: 'ReviewAgreement#' } },
        },
      },
      async ({ principal, query }) => {
        const found = await figures.agreement(principal.workspace, query.task);
        return {
          task: query.task,
          since: iso(found.since),
          items: found.items,
          alpha: roundedOrNull(found.alpha),
          agreement: presentShare(found.agreement),
          confusions: found.confusions,
          reviewers: found.reviewers.map(({ reviewer, opinions, estimatedAccuracy, confusion }) => ({
            reviewer,
            opinions,
            estimated_accuracy: rounded(estimatedAccuracy),
            confusion: confusion.map((cell) => ({ ...cell, probability: rounded(cell.probability) })),
          })),
        };
      },
    );

    app.get<{ Querystring: { task?: string; limit?: number; cursor?: string } }>(
      '/v1/review/gold',
      {
        config: lead,
        schema: {
          summary: 'Items whose answer is known',
          querystring: GoldQuery,
          response: { 200: { $ref: 'ReviewGoldList#' } },
        },
      },
      async ({ principal, query }) => {
        const { data, nextCursor } = await gold.list(principal.workspace, query);
        return { data: data.map(presentGold), next_cursor: nextCursor };
      },
    );

    app.post<{ Body: ReviewGoldRequest }>(
      '/v1/review/gold',
      {
        config: { ...lead, idempotency: 'stored' },
        schema: {
          summary: 'Say what is right for a decision, to test reviewers with it',
          body: { $ref: 'ReviewGoldRequest#' },
          response: { 201: { $ref: 'ReviewGold#' } },
        },
      },
      async ({ principal, body }, reply) => reply.code(201).send(presentGold(await gold.add(principal, body))),
    );

    app.delete<{ Params: { id: string } }>(
      '/v1/review/gold/:id',
      {
        config: lead,
        schema: { summary: 'Stop testing with an item', params: GoldPath, response: { 204: Type.Null() } },
      },
      async ({ principal, params }, reply) => {
        if (!isId('gld', params.id)) throw reviewErrors.gold_not_found('there is no such gold item');
        await gold.remove(principal.workspace, params.id);
        return reply.code(204).send();
      },
    );
  };
}
