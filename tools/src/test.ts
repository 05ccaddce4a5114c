import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runTestFiles } from './run-test-files.ts';

/**
 * `npm test`: types, lint and format, arrows, generated files, then every test file. `--no-tests` stops before the
 * tests; `--only <part of a path>` runs the test files whose path contains it.
 */
const root = resolve(import.meta.dirname, '../..');
const bin = join(root, 'node_modules', '.bin');

const steps: { name: string; command: string; args: string[] }[] = [
  { name: 'types', command: join(bin, 'tsc'), args: ['--noEmit'] },
  { name: 'types of the dashboard', command: join(bin, 'tsc'), args: ['--noEmit', '-p', 'apps/dashboard'] },
  { name: 'types of the browser tests', command: join(bin, 'tsc'), args: ['--noEmit', '-p', 'tests/browser'] },
  { name: 'lint and format', command: join(bin, 'biome'), args: ['ci', '--error-on-warnings', '.'] },
  { name: 'arrows', command: process.execPath, args: ['tools/src/arrows.ts'] },
  { name: 'generated files', command: process.execPath, args: ['tools/src/generate.ts', '--check'] },
  {
    name: 'generated client types',
    command: process.execPath,
    args: ['clients/typescript/scripts/generate.ts', '--check'],
  },
];

const PATTERNS = ['packages', 'drivers', 'apps', 'clients', 'tests', 'tools', 'bench'].map(
  (top) => `${top}/**/*.test.ts`,
);

function runSteps(): boolean {
  for (const { name, command, args } of steps) {
    const startedAt = performance.now();
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${status === 0 ? '✔' : '✖'} ${name} (${seconds} s)`);
    if (status !== 0) {
      console.log(stdout, stderr);
      return false;
    }
  }
  return true;
}

function isTest(path: string): boolean {
  return !path.includes('node_modules/');
}

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const files = globSync(PATTERNS, { cwd: root })
  .filter((path) => isTest(path) && (only === undefined || path.includes(only)))
  .sort();
if (files.length === 0) {
  console.error('no test file was found: the runner itself is broken');
  process.exit(1);
}
if (only === undefined && !runSteps()) process.exit(1);
if (!process.argv.includes('--no-tests')) process.exitCode = await runTestFiles(root, files);
