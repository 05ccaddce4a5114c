import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { allowed, forbidden, layers } from './layers.ts';
import { sourceFiles } from './source-files.ts';

/** One import: from a file, to a file or a package of this repository. */
export interface Arrow {
  file: string;
  from: string;
  to: string;
  /** Path of the target inside the repository where it is known, else the specifier. */
  target: string;
  line: number;
}

export interface Violation {
  file: string;
  line: number;
  message: string;
}

const TEST = /(\.test|\.contract|\.live\.test|\.e2e\.test)\.ts$|\/testing\//;

/** The room that a path of the repository lies in, or null. */
export function roomOf(path: string): string | null {
  const parts = path.split('/');
  const two = parts.slice(0, 2).join('/');
  if (two in layers) return two;
  return parts[0] !== undefined && parts[0] in layers ? parts[0] : null;
}

/** Every import of a file, static and dynamic with a literal, type imports too: a type is an arrow as well. */
export function importsOf(path: string, source: string): { specifier: string; line: number; late?: true }[] {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]!.message}`);
  const line = (offset: number) => source.slice(0, offset).split('\n').length;
  return [
    ...module.staticImports.map((entry) => ({ specifier: entry.moduleRequest.value, line: line(entry.start) })),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((item) =>
        item.moduleRequest === null || item.moduleRequest === undefined
          ? []
          : [{ specifier: item.moduleRequest.value, line: line(entry.start) }],
      ),
    ),
    ...module.dynamicImports.flatMap((entry) => {
      const text = source.slice(entry.moduleRequest.start, entry.moduleRequest.end);
      return /^['"`][^'"`$]+['"`]$/.test(text)
        ? [{ specifier: text.slice(1, -1), line: line(entry.start), late: true as const }]
        : [];
    }),
  ];
}

/** Resolves a specifier to a place in the repository; null for other packages and for Node’s own modules. */
function resolveArrow(root: string, names: ReadonlyMap<string, string>, file: string, specifier: string) {
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier));
    return { target, to: roomOf(target) };
  }
  const name = specifier.split('/').slice(0, 2).join('/');
  const room = names.get(name);
  if (room === undefined) return null;
  const door = specifier.slice(name.length + 1);
  return { target: door === '' ? join(room, 'src/index.ts') : join(room, `src/${door}/index.ts`), to: room };
}

export interface Survey {
  modules: number;
  arrows: Arrow[];
  violations: Violation[];
}

/** Reads the tree and judges every arrow. */
export function survey(root: string): Survey {
  const files = sourceFiles(root);
  const names = new Map(
    Object.keys(layers).map((room) => {
      const { name } = JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8')) as { name: string };
      return [name, room] as const;
    }),
  );
  const arrows: Arrow[] = [];
  const violations: Violation[] = [];
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    const from = roomOf(file);
    if (from === null) {
      violations.push({ file, line: 1, message: 'stands in no room of tools/src/layers.ts' });
      continue;
    }
    for (const { specifier, line, late } of importsOf(join(root, file), readFileSync(join(root, file), 'utf8'))) {
      const resolved = resolveArrow(root, names, file, specifier);
      if (resolved === null) continue;
      if (resolved.to === null) {
        violations.push({ file, line, message: `imports ${specifier}, which is in no room` });
        continue;
      }
      const arrow = { file, from, to: resolved.to, target: resolved.target, line };
      arrows.push(arrow);
      violations.push(...judge(arrow, specifier));
      // What is imported late (a page, when it is opened) waits for nobody: it closes no circle.
      if (from === resolved.to && !TEST.test(file) && late !== true) {
        const targets = edges.get(file) ?? new Set();
        targets.add(resolved.target);
        edges.set(file, targets);
      }
    }
  }
  violations.push(...cycles(edges));
  if (files.length === 0 || arrows.length === 0) {
    violations.push({ file: '.', line: 1, message: 'no module was seen: the check itself is broken' });
  }
  return { modules: files.length, arrows, violations };
}

function judge(arrow: Arrow, specifier: string): Violation[] {
  const { file, from, to, target, line } = arrow;
  const say = (message: string) => [{ file, line, message }];
  const isTest = TEST.test(file);
  if (from === to) {
    if (!specifier.startsWith('.') && !isTest) return say(`imports its own room by name: ${specifier}`);
    return insideRoom(arrow);
  }
  if (specifier.startsWith('.')) return say(`reaches into ${to} by a relative path; use its public door`);
  const exception = allowed.find((rule) => rule.from === from && rule.to === to);
  if (exception !== undefined && (exception.tests !== true || isTest)) return [];
  // Live tests of a room run against real drivers; that is what drivers are for.
  if (isTest && from.startsWith('packages/') && to.startsWith('drivers/')) return [];
  const rule = forbidden.find((entry) => entry.from.test(from) && entry.to.test(to));
  if (rule !== undefined) return say(`${from} → ${to} is forbidden: ${rule.why}`);
  if (target.includes('/testing/') && !isTest && layers[from]! < 9) return say('product code imports a testing door');
  if (target.includes('/storage/') && from.startsWith('packages/') && !isTest) {
    return say(`a room imports the storage of another: ${specifier}`);
  }
  if (layers[to]! >= layers[from]!)
    return say(`${from} (floor ${layers[from]}) → ${to} (floor ${layers[to]}) points up`);
  return [];
}

/** Within a room: root files import neither storage/ nor http/, and http/ never imports storage/. */
function insideRoom({ file, from, target, line }: Arrow): Violation[] {
  if (!from.startsWith('packages/') || TEST.test(file)) return [];
  const place = (path: string) => /\/src\/(storage|http|testing)\//.exec(path)?.[1] ?? 'root';
  const source = place(file);
  const destination = place(target);
  if (source === 'root' && destination !== 'root') {
    return [{ file, line, message: `a root file of the room imports its ${destination}/` }];
  }
  if (source === 'http' && destination === 'storage') return [{ file, line, message: 'http/ imports storage/' }];
  if (destination === 'testing') return [{ file, line, message: 'product code imports testing/' }];
  return [];
}

/** Import cycles among the files of a room (between rooms the floors rule them out). */
function cycles(edges: ReadonlyMap<string, ReadonlySet<string>>): Violation[] {
  const found: Violation[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const walk = (file: string, path: string[]): void => {
    state.set(file, 'open');
    for (const next of edges.get(file) ?? []) {
      if (state.get(next) === 'open') {
        const loop = [...path.slice(path.indexOf(next)), file, next];
        found.push({ file, line: 1, message: `import cycle: ${[...new Set(loop)].join(' → ')}` });
      } else if (!state.has(next)) walk(next, [...path, file]);
    }
    state.set(file, 'done');
  };
  for (const file of edges.keys()) if (!state.has(file)) walk(file, []);
  return found;
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const { modules, arrows, violations } = survey(root);
  for (const { file, line, message } of violations) console.error(`${file}:${line} ${message}`);
  console.log(`${modules} modules, ${arrows.length} arrows, ${violations.length} violations`);
  if (violations.length > 0) process.exit(1);
}
