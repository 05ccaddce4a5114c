import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** One file of the built dashboard, in memory with its compressed forms. */
export interface BuiltFile {
  type: string;
  /** Its name holds a hash of its content: it never changes. */
  immutable: boolean;
  etag: string;
  plain: Buffer;
  gz: Buffer | null;
  br: Buffer | null;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/**
 * Every file of the folder by its path, e.g. `/index.html`. What is asked for is looked up here and never on the disk:
 * no path leads out of the folder, and an update of the folder does not disturb a running server.
 */
export function readBuiltFiles(folder: string): ReadonlyMap<string, BuiltFile> {
  const files = new Map<string, BuiltFile>();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const present = new Set(names);
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const read = (suffix: string) => (present.has(name + suffix) ? readFileSync(join(folder, name + suffix)) : null);
    const plain = readFileSync(join(folder, name));
    files.set(`/${name.replaceAll('\\', '/')}`, {
      type,
      immutable: name.startsWith('assets'),
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
      plain,
      gz: read('.gz'),
      br: read('.br'),
    });
  }
  if (!files.has('/index.html')) throw new Error(`the folder ${folder} holds no dashboard`);
  return files;
}
