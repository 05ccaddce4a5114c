import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { appRoot } from './vite-options.ts';

const repository = resolve(appRoot, '../..');

/** Everything that can change a byte of the output: our sources, the client’s, and the versions of all packages. */
const INPUTS = ['index.html', 'package.json', 'tsconfig.json', 'build', 'public', 'src'].map((name) =>
  join(appRoot, name),
);
const OUTSIDE = [join(repository, 'clients/typescript/src'), join(repository, 'package-lock.json')];

/** A name for the output of these sources: 20 hexadecimal characters of SHA-256 over all paths and contents. */
export function sourceHash(): string {
  const hash = createHash('sha256');
  for (const path of [...INPUTS, ...OUTSIDE].flatMap(filesIn)) {
    hash
      .update(`${relative(repository, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 20);
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .filter((name) => name !== 'node_modules' && !name.includes('.test.'))
    .flatMap((name) => filesIn(join(path, name)));
}
