/** Which key gives which label: 1 to 9, then 0. */
export const LABEL_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** The key of the label at this place; none beyond the tenth. */
export const keyOf = (place: number): string | undefined => LABEL_KEYS[place];

/** The place that a pressed key stands for, or −1. */
export const placeOf = (key: string): number => LABEL_KEYS.indexOf(key as (typeof LABEL_KEYS)[number]);

/**
 * Labels that match what was typed: those that begin with it first, then words that do, then any place; by letters and
 * digits only, so that `cardarr` finds `card_arrival`.
 */
export function matchingLabels(labels: readonly string[], typed: string): string[] {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const wanted = plain(typed);
  if (wanted === '') return [...labels];
  const rank = (label: string): number => {
    if (plain(label).startsWith(wanted)) return 0;
    if (
      label
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .some((word) => word.startsWith(wanted))
    )
      return 1;
    return plain(label).includes(wanted) ? 2 : 3;
  };
  return labels
    .map((label) => ({ label, rank: rank(label) }))
    .filter(({ rank: value }) => value < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ label }) => label);
}
