import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import type { Plugin } from 'vite';
import { sourceHash } from './source-hash.ts';
import { appRoot, viteOptions } from './vite-options.ts';

export interface BuildProgress {
  /** 0…1, never falling. */
  done: number;
  phase: string;
}

export interface BuildOptions {
  /** Where output may be kept when node_modules is read-only. */
  fallbackDir: string;
  onProgress?(progress: BuildProgress): void;
}

/** About how many modules the build reads; only the progress bar depends on it. */
const EXPECTED_MODULES = 1200;
/** Output of earlier sources that is kept, so that going back and forth between two does not build each time. */
const KEPT = 3;
const LEFTOVER_MS = 60 * 60 * 1000;

/**
 * The folder with the built dashboard, from the cache when these sources were built before. Starts that build at the
 * same time do not disturb each other: each writes a folder of its own, and the first to rename wins.
 */
export async function buildDashboard(options: BuildOptions): Promise<string> {
  const hash = sourceHash();
  const present = builtBefore(options.fallbackDir, hash);
  if (present !== null) return present;
  const places = cachePlaces(options.fallbackDir);
  const place = places.find(isWritable);
  if (place === undefined) throw new Error(`the dashboard can be built in none of ${places.join(', ')}`);
  const report = rising(options.onProgress ?? (() => {}));
  // Read where something has to be built: a server that finds its pages ready does without.
  const { build } = await import('vite');
  const scratch = join(place, `.building-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await build({
      ...viteOptions(),
      plugins: [progressPlugin(report)],
      build: {
        outDir: scratch,
        emptyOutDir: true,
        target: ['chrome111', 'firefox114', 'safari16.4'],
        // The policy of the page allows no data: fonts or scripts; assets are cached for ever anyway.
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1024,
        reportCompressedSize: false,
        manifest: 'manifest.json',
      },
    });
    report(0.9, 'compressing');
    await compress(scratch);
    const target = join(place, hash);
    try {
      renameSync(scratch, target);
    } catch (error) {
      if (!existsSync(target)) throw error; // another start was faster: its output is as good as ours
    }
    report(1, 'ready');
    return target;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    forgetOld(place, hash);
  }
}

/** The folder with what these sources were built to by an earlier start; null: they have to be built. */
export function builtBefore(fallbackDir: string, hash: string = sourceHash()): string | null {
  return (
    cachePlaces(fallbackDir)
      .map((place) => join(place, hash))
      .find((place) => existsSync(place)) ?? null
  );
}

const cachePlaces = (fallbackDir: string): string[] => [
  resolve(appRoot, '../../node_modules/.cache/understudy-dashboard'),
  join(fallbackDir, 'dashboard'),
];

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function rising(onProgress: (progress: BuildProgress) => void) {
  let best = 0;
  return (done: number, phase: string) => {
    if (done < best + 0.01 && done < 1) return;
    best = Math.max(best, done);
    onProgress({ done: best, phase });
  };
}

function progressPlugin(report: (done: number, phase: string) => void): Plugin {
  let modules = 0;
  return {
    name: 'understudy-progress',
    moduleParsed() {
      modules++;
      report(Math.min(0.75, 0.05 + (0.7 * modules) / EXPECTED_MODULES), 'reading');
    },
    renderStart() {
      report(0.78, 'bundling');
    },
    writeBundle() {
      report(0.88, 'writing');
    },
  };
}

/** Each text file also as `.br` and `.gz`: the server then only picks. */
async function compress(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|css|html|svg|json)$/.test(name),
  );
  await Promise.all(
    files.map(async (name) => {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } }),
        promisify(gzip)(bytes, { level: 9 }),
      ]);
      await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
    }),
  );
}

/** Servers hold what they serve in memory, so nobody misses what goes here. */
function forgetOld(place: string, current: string): void {
  const age = (name: string) => statSync(join(place, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const names = readdirSync(place);
  const old = names
    .filter((name) => !name.startsWith('.') && name !== current)
    .sort((a, b) => age(b) - age(a))
    .slice(KEPT - 1);
  const leftovers = names.filter((name) => name.startsWith('.building-') && age(name) < Date.now() - LEFTOVER_MS);
  for (const name of [...old, ...leftovers]) rmSync(join(place, name), { recursive: true, force: true });
}
