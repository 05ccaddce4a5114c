import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What npm gets: both kinds of modules, each with its types. Bundlers and Deno take `import`. */
const ENTRIES = { '.': 'index', './testing': 'testing/index' };

/**
 * Writes the package as it is published into a folder: `npm publish dist`. Nothing of it is committed. Throws when the
 * sources do not compile.
 *
 * @param to an absolute path; what was in it is gone
 */
export function build(to: string): void {
  rmSync(to, { recursive: true, force: true });
  compile(join(to, 'esm'));
  compile(join(to, 'cjs'), '--module', 'commonjs', '--verbatimModuleSyntax', 'false');
  writeFileSync(join(to, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
  copyFileSync(join(ROOT, 'README.md'), join(to, 'README.md'));
  copyFileSync(join(ROOT, '../../LICENSE'), join(to, 'LICENSE'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** Compiles the sources into a folder, as ES modules unless told otherwise. */
export function compile(outDir: string, ...more: string[]): void {
  mkdirSync(outDir, { recursive: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', outDir, ...more], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // The compiler rewrites `.ts` in what runs, and leaves it in the types.
  for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(outDir, name);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replaceAll(/((?:from|import\() ?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'),
    );
  }
}

function manifest(): object {
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, string>;
  const half = (kind: string, entry: string) => ({
    types: `./${kind}/${entry}.d.ts`,
    default: `./${kind}/${entry}.js`,
  });
  const { name, version, license, description } = own;
  return {
    name,
    version,
    license,
    description,
    type: 'module',
    main: './cjs/index.js',
    module: './esm/index.js',
    types: './esm/index.d.ts',
    exports: {
      ...Object.fromEntries(
        Object.entries(ENTRIES).map(([path, entry]) => [
          path,
          { import: half('esm', entry), require: half('cjs', entry) },
        ]),
      ),
      './package.json': './package.json',
    },
    sideEffects: false,
    engines: { node: '>=20' },
  };
}

if (import.meta.main) {
  const to = join(ROOT, 'dist');
  build(to);
  console.log(`built ${to}; publish it with: npm publish ${to}`);
}
