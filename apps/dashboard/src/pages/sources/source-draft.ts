import type { Source, SourceRequest } from '@understudy/client';

/** A source as it is filled in: every field a text, empty = not given. */
export interface SourceDraft {
  bus: string;
  topic: string;
  group: string;
  task: string;
  format: 'json' | 'cloudevents';
  text: string;
  externalId: string;
  subject: string;
  id: string;
  attributes: readonly { name: string; path: string }[];
  replies: boolean;
  replyBus: string;
  replyTopic: string;
  fromMessage: boolean;
}

export const emptyDraft: SourceDraft = {
  bus: 'postgres',
  topic: '',
  group: '',
  task: '',
  format: 'json',
  text: '$.text',
  externalId: '',
  subject: '',
  id: '',
  attributes: [],
  replies: false,
  replyBus: '',
  replyTopic: '',
  fromMessage: false,
};

export function draftOf(source: Source): SourceDraft {
  const { mapping, reply_to: reply } = source;
  return {
    bus: source.bus,
    topic: source.topic,
    group: source.group,
    task: source.task,
    format: source.format,
    text: mapping.input.text,
    externalId: mapping.external_id ?? '',
    subject: mapping.subject ?? '',
    id: mapping.id ?? '',
    attributes: Object.entries(mapping.attributes ?? {}).map(([name, path]) => ({ name, path })),
    replies: reply !== null,
    replyBus: reply === null || reply.bus === source.bus ? '' : reply.bus,
    replyTopic: reply?.topic ?? '',
    fromMessage: reply?.from_message ?? false,
  };
}

const given = (text: string) => text.trim() !== '';

export function requestOf(draft: SourceDraft): SourceRequest {
  const attributes = draft.attributes.filter(({ name, path }) => given(name) && given(path));
  return {
    bus: draft.bus.trim(),
    topic: draft.topic.trim(),
    ...(given(draft.group) ? { group: draft.group.trim() } : {}),
    task: draft.task,
    format: draft.format,
    mapping: {
      input: { text: draft.text.trim() },
      ...(given(draft.externalId) ? { external_id: draft.externalId.trim() } : {}),
      ...(given(draft.subject) ? { subject: draft.subject.trim() } : {}),
      ...(given(draft.id) ? { id: draft.id.trim() } : {}),
      ...(attributes.length === 0
        ? {}
        : { attributes: Object.fromEntries(attributes.map(({ name, path }) => [name.trim(), path.trim()])) }),
    },
    ...(draft.replies
      ? {
          reply_to: {
            ...(given(draft.replyBus) ? { bus: draft.replyBus.trim() } : {}),
            ...(given(draft.replyTopic) ? { topic: draft.replyTopic.trim() } : {}),
            ...(draft.fromMessage ? { from_message: true } : {}),
          },
        }
      : {}),
  };
}

/** What is missing, in a sentence; what the paths are worth, the server says. */
export function draftProblem(draft: SourceDraft): string | null {
  if (!given(draft.bus)) return 'Say which message system it is.';
  if (!given(draft.topic)) return 'Say which topic or queue is read.';
  if (!given(draft.task)) return 'Choose the task that decides.';
  if (!given(draft.text)) return 'Say where in a message the text stands.';
  const half = draft.attributes.find(({ name, path }) => given(name) !== given(path));
  if (half !== undefined) return 'An attribute has a name and a place.';
  if (draft.replies && !given(draft.replyTopic) && !draft.fromMessage) {
    return 'Say where the answers go: a topic, or the one that the message names.';
  }
  return null;
}
