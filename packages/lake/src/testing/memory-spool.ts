import type { Spool, SpoolFile } from '../ports.ts';

/** A spool in memory; `open` files that were not discarded can be counted. */
export class MemorySpool implements Spool {
  openFiles = 0;

  open(): SpoolFile {
    let chunks: string[] = [];
    let discarded = false;
    this.openFiles++;
    return {
      write: async (chunk) => {
        chunks.push(chunk);
      },
      async *read() {
        yield* chunks;
      },
      discard: async () => {
        if (!discarded) this.openFiles--;
        discarded = true;
        chunks = [];
      },
    };
  }
}
