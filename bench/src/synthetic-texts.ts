import type { TextDataset, TextRow } from './text-datasets.ts';
import { shuffled } from './text-datasets.ts';

const TOPICS: Record<string, string[]> = {
  card: [
    'my card has not arrived',
    'the card was swallowed by the machine',
    'I need a second card',
    'the card is bent',
  ],
  transfer: ['the transfer is still pending', 'I sent money to the wrong person', 'how long does a transfer take'],
  fees: ['why was I charged a fee', 'the exchange fee looks too high', 'is there a fee abroad', 'I was charged twice'],
  account: ['please close my account', 'I cannot log in any more', 'my phone number has changed', 'change my address'],
  refund: ['the shop refused a refund', 'when do I get my money back', 'the refund has not shown up'],
};
const OPENINGS = ['Hello,', 'Hi there,', 'Sorry to ask again:', 'Good morning,', 'Since yesterday', 'I think'];
const ENDINGS = ['What should I do?', 'Please help.', 'Thanks!', 'It is urgent.', 'Can you check?', 'That is odd.'];

/** A stand-in for Banking77 where UNDERSTUDY_DATASETS is not set: short inquiries, five labels. Easy to tell apart. */
export function syntheticTexts(): TextDataset {
  const rows: TextRow[] = [];
  for (const [label, cores] of Object.entries(TOPICS)) {
    for (const opening of OPENINGS) {
      for (const core of cores) {
        for (const ending of ENDINGS) rows.push({ label, text: `${opening} ${core}. ${ending}` });
      }
    }
  }
  const mixed = shuffled(rows, 1);
  const held = Math.round(mixed.length / 5);
  return { name: 'synthetic', train: mixed.slice(held), test: mixed.slice(0, held) };
}
