/** Words that say which label a generated row has, beside words that say nothing. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  billing: ['invoice', 'refund', 'charged', 'payment', 'receipt', 'price', 'card', 'subscription'],
  delivery: ['parcel', 'courier', 'shipped', 'tracking', 'doorstep', 'package', 'arrived', 'driver'],
  account: ['password', 'login', 'username', 'profile', 'email', 'locked', 'sign', 'verification'],
};
const FILLER = 'the my is was please again today since when you it have with this order week not still never'.split(
  ' ',
);

export const topicLabels = Object.keys(TOPICS);

/** A small linear congruential generator (Numerical Recipes): tests repeat exactly. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Row {
  input: { text: string };
  label: string;
}

/** Rows that a linear model can tell apart, no two alike. */
export function topicRows(count: number, seed = 1): Row[] {
  const random = generator(seed);
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)]!;
  return Array.from({ length: count }, (_, index) => {
    const label = topicLabels[index % topicLabels.length]!;
    const words = Array.from({ length: 10 }, () => (random() < 0.35 ? pick(TOPICS[label]!) : pick(FILLER)));
    return { input: { text: `${words.join(' ')} ${pick(TOPICS[label]!)} no ${seed}-${index}` }, label };
  });
}
