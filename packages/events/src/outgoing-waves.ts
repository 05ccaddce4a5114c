import type { QueuedMessage } from './ports.ts';

/** What keeps an order: a workspace's key. Null: nothing. */
export function laneOf({ workspace, key }: QueuedMessage): string | null {
  return key === null ? null : `${workspace} ${key}`;
}

/** A step's messages begin with the first of each workspace: the last of those is whose turn comes last. */
export function lastServed(messages: readonly QueuedMessage[]): string {
  const seen = new Set<string>();
  for (const { workspace } of messages) seen.add(workspace);
  return [...seen].at(-1)!;
}

/** The first message of each key, and those without one, which may be published at once; and the rest. */
export function nextWave(messages: readonly QueuedMessage[]): { wave: QueuedMessage[]; later: QueuedMessage[] } {
  const lanes = new Set<string>();
  const wave: QueuedMessage[] = [];
  const later: QueuedMessage[] = [];
  for (const message of messages) {
    const lane = laneOf(message);
    if (lane !== null && lanes.has(lane)) {
      later.push(message);
      continue;
    }
    if (lane !== null) lanes.add(lane);
    wave.push(message);
  }
  return { wave, later };
}

/** So that no destination is always the last one. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let index = copy.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other]!, copy[index]!];
  }
  return copy;
}
