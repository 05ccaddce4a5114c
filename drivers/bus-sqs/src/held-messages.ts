import type { Bell } from '@understudy/events';
import type { Lease } from './leases.ts';

/**
 * The leased messages that wait for the handler, and those that rest before they are tried again. Of a FIFO queue,
 * nothing passes a resting message of its group.
 */
export class HeldMessages {
  readonly #bell: Bell;
  readonly #fifo: boolean;
  #waiting: Lease[] = [];
  readonly #resting = new Map<NodeJS.Timeout, readonly Lease[]>();

  constructor(bell: Bell, fifo: boolean) {
    this.#bell = bell;
    this.#fifo = fifo;
  }

  add(leases: readonly Lease[]): void {
    this.#waiting.push(...leases);
    this.#bell.ring();
  }

  /** The next ones, in order; none when nothing may be handled now. */
  take(count: number, bytes: number): Lease[] {
    const blocked = new Set(this.#fifo ? [...this.#resting.values()].flat().map(groupOf) : []);
    const taken: Lease[] = [];
    const left: Lease[] = [];
    let size = 0;
    let full = false;
    for (const lease of this.#waiting) {
      full ||= taken.length === count || (taken.length > 0 && size + lease.bytes > bytes);
      if (full || blocked.has(groupOf(lease))) {
        left.push(lease);
        continue;
      }
      taken.push(lease);
      size += lease.bytes;
    }
    this.#waiting = left;
    return taken;
  }

  /** They come again, first of all, after a while. */
  again(leases: readonly Lease[], afterMs: number): void {
    if (leases.length === 0) return;
    const timer = setTimeout(() => {
      this.#resting.delete(timer);
      const ours = leases.filter(({ lost }) => !lost);
      for (const lease of ours) lease.tries++;
      this.#waiting.unshift(...ours);
      this.#bell.ring();
    }, afterMs);
    this.#resting.set(timer, leases);
  }

  /** Forgets what was lost; answers what has to be given back with it, because it comes after that in its group. */
  drop(lost: readonly Lease[]): Lease[] {
    const groups = new Set(lost.map(groupOf));
    const behind = (lease: Lease) => this.#fifo && !lease.lost && groups.has(groupOf(lease));
    const back = this.#waiting.filter(behind);
    this.#waiting = this.#waiting.filter((lease) => !lease.lost && !behind(lease));
    return back;
  }

  /** Empties it, and answers what was in it. */
  clear(): Lease[] {
    const all = [...this.#waiting, ...[...this.#resting.values()].flat()].filter(({ lost }) => !lost);
    for (const timer of this.#resting.keys()) clearTimeout(timer);
    this.#resting.clear();
    this.#waiting = [];
    return all;
  }
}

const groupOf = ({ message }: Lease) => message.Attributes?.MessageGroupId;
