import assert from 'node:assert/strict';
import { topicLabels, topicRows, type Workspace } from '@understudy/e2e';

/** How sure a model has to be in the seeded task: so that some answers are automated and some wait for people. */
const MIN_CONFIDENCE = 0.8;

export const INSTRUCTIONS = `# How to answer

Read the whole message. **One answer** fits; when two do, take what the customer wants *now*.

- \`billing\`: invoices, refunds, payments
- \`delivery\`: parcels and where they are
- \`account\`: logins and profiles

[The guideline](https://example.com/guideline) has examples.`;

const PHRASES: readonly string[] = [
  'Hello, the courier rang once and left. Tracking says delivered, but there is no parcel at the door. Could somebody please look into this before Friday?',
  'I was charged twice for my subscription in November. I need a refund for one of the two payments and a corrected invoice for our accountant.',
  'My account is locked since I changed the e-mail of my profile. The verification link says expired.',
  'When does the second half of the order ship? The first package arrived yesterday, thank you for that.',
  'Is there a receipt for the gift card? Also my login stopped working on the phone.',
  'you said 3 days. it is day 9. where is it??',
  'Please cancel.',
  'Könnt ihr mir bitte die Rechnung noch einmal schicken? Danke und schöne Grüße aus Köln.',
];

export interface Seeded {
  workspace: Workspace;
  task: string;
  decisions: { id: string; outcome: string }[];
}

/** A workspace as it is after some days: a task, a model, decisions of both kinds, labels. Everything through the API. */
export async function seedShop(workspace: Workspace): Promise<Seeded> {
  const task = 'inquiries';
  await workspace.makeTask(task, topicLabels, {
    title: 'Customer inquiries',
    instructions: INSTRUCTIONS,
    error_budget: { max_error: 0.05, confidence: 0.95 },
    economics: { currency: 'EUR', minutes_per_item: 1.5, cost_per_hour: '24.00', cost_of_error: '0.50' },
    automation: { mode: 'uncertified', min_confidence: MIN_CONFIDENCE },
  });
  await workspace.import(task, topicRows(240));
  const run = await workspace.train(task, { trainer: 'linear' }, 180_000);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const rows = topicRows(60, 7).map(({ input }) => input.text);
  const texts = [...rows, ...PHRASES];
  const items = texts.map((text, index) => ({
    input: { text },
    external_id: `ticket-${4100 + index}`,
    subject: `customer-${index % 9}`,
  }));
  const reply = await workspace.post(`/v1/predict/${task}/batch`, { items });
  assert.equal(reply.status, 200, reply.text);
  const decisions = reply.json.decisions as { id: string; outcome: string; label: string | null }[];
  const automated = decisions.filter(({ outcome }) => outcome === 'automated');
  for (const [index, { id, label }] of automated.slice(0, 6).entries()) {
    const said = await workspace.post(`/v1/decisions/${id}/labels`, {
      label: index === 0 ? topicLabels.find((name) => name !== label) : label,
      source: 'application',
      person: `agent-${index}`,
      ...(index === 0 ? { note: 'The customer wrote again: it was about something else.' } : {}),
    });
    assert.equal(said.status, 201, said.text);
  }
  return { workspace, task, decisions };
}
