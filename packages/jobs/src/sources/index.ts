export { sourceErrors } from './errors.ts';
export { EventIntake, type Receipt } from './event-intake.ts';
export { MessagePipeline, type PipelinePorts, type Processed } from './message-pipeline.ts';
export type {
  InboxEntry,
  ReplyOutbox,
  SourceBuses,
  SourceStore,
  TopicRules,
} from './ports.ts';
export { ReplyTopics } from './reply-topics.ts';
export {
  HTTP_BUS,
  lagOf,
  type Mapping,
  type Source,
  type SourceDefinition,
  type SourceState,
  type SourceView,
  stateOf,
} from './source.ts';
export { SourceReplays } from './source-replays.ts';
export { SourceRunner } from './source-runner.ts';
export { Sources } from './sources.ts';
export { PatternTopicRules, type TopicPatterns } from './topic-rules.ts';
