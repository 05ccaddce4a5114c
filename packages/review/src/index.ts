export { reviewErrors } from './errors.ts';
export {
  type AgreementFigures,
  agreementFigures,
  checkQuality,
  FIGURE_DAYS,
  Figures,
  type Flag,
  type ReviewerFigures,
  reviewerFigures,
} from './figures.ts';
export { GoldItems } from './gold.ts';
export * from './item.ts';
export { ItemFeed } from './item-feed.ts';
export { Items } from './items.ts';
export { dueAt, labelValue } from './label-value.ts';
export { drawLots, type Lots } from './lots.ts';
export type * from './ports.ts';
export { forecast, type Outlook, type Queue, Queues } from './queues.ts';
export {
  type Claimed,
  ESCALATE_AFTER_SKIPS,
  type GivenVerdict,
  Review,
  type ReviewOptions,
  UNDO_SECONDS,
} from './review.ts';
