import { MockUnderstudy } from '../src/testing/index.ts';

const task = (name: string) => ({
  task: name,
  title: name,
  kind: 'text_classification',
  labels: [{ name: 'ok' }, { name: 'spam' }],
});
const run = { id: 'run_1', status: 'succeeded', model_version: '1', progress: { done: 3, total: 3 } };

/** A mock that knows what the examples of the README ask for. */
export function answersOfReadme(): MockUnderstudy {
  return new MockUnderstudy()
    .decide('comment-moderation', ({ input }) => (input.text.includes('watches') ? 'spam' : { review: 'no_model' }))
    .answer('GET /v1/tasks', ({ query }) => ({
      body:
        query.get('cursor') === null
          ? { data: [task('comment-moderation')], next_cursor: 'more' }
          : { data: [task('inquiries')], next_cursor: null },
    }))
    .answer('GET /v1/decisions', { body: { data: [], next_cursor: null } })
    .answer('GET /v1/tasks/comment-moderation', { headers: { etag: '"3"' }, body: task('comment-moderation') })
    .answer('PUT /v1/tasks/comment-moderation', ({ headers }) =>
      headers.get('if-match') === '"3"' ? { body: task('comment-moderation') } : { status: 412 },
    )
    .answer('POST /v1/tasks/comment-moderation/training-runs', { status: 202, body: { ...run, status: 'queued' } })
    .answer('GET /v1/training-runs/run_1/events', {
      headers: { 'content-type': 'text/event-stream' },
      body: `id: 1\nevent: succeeded\ndata: ${JSON.stringify(run)}\n\n`,
    });
}
