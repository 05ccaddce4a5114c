import type { Migrations } from '@understudy/kernel';

/** A room with a tenant table and a global table, for tests of the driver. */
export const sampleRoom: Migrations = { room: 'sample', directory: new URL('./rooms/sample/', import.meta.url) };

/** Waits until `holds` is true, for changes that another process makes. Throws when it never becomes so. */
export async function eventually(holds: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error('what was waited for did not happen');
    await new Promise((done) => setTimeout(done, 10));
  }
}
