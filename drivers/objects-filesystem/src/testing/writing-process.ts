/** Puts objects until it is killed; says on stdout when one is half written and when one is durable. */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { FilesystemObjectStore } from '../filesystem-object-store.ts';

const [, , directory = '', round = ''] = process.argv;
const store = await FilesystemObjectStore.open({ directory });
for (let i = 0; i < 1000; i++) {
  const chunk = Buffer.alloc(300_000, `${round}-${i};`);
  const sha256 = createHash('sha256').update(chunk).update(chunk).digest('hex');
  const content = async function* () {
    yield chunk;
    writeSync(1, `half ${i}\n`);
    yield chunk;
  };
  const info = await store.put(`round-${round}/${sha256}`, content());
  writeSync(1, `${JSON.stringify(info)}\ndone ${i}\n`);
}
