import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOTS = ['packages', 'drivers', 'apps', 'clients/typescript', 'bench', 'tests', 'tools'];
const SKIPPED = new Set(['node_modules', 'dist', 'generated', 'data']);

/** Every TypeScript source of the repository, as paths relative to its root, sorted. */
export function sourceFiles(root: string): string[] {
  const found: string[] = [];
  const walk = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(join(directory, entry.name));
      else if (entry.isFile() && /\.tsx?$/.test(entry.name)) found.push(relative(root, join(directory, entry.name)));
    }
  };
  for (const top of ROOTS) walk(join(root, top));
  return found.sort();
}
