#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: finds a Node that runs the sources, then hands over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '..', 'src', 'main.ts');

function pinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  for (let folder = here; ; folder = dirname(folder)) {
    const binary = join(folder, 'node_modules', name, 'bin', 'node');
    if (existsSync(binary)) return binary;
    if (dirname(folder) === folder) return undefined;
  }
}

function handOver(binary) {
  const child = spawn(binary, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), { stdio: 'inherit' });
  // Ctrl-C on a terminal reaches the whole group by itself: this process only has to outlive the child. Sent on, it
  // would count twice there, and a second one ends the child at once. Other signals come to us alone.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`understudy: ${binary} does not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const running = Number(process.versions.node.split('.')[0]);
if (running >= NEEDED) {
  // Types are stripped and code is compiled once, not at every call. Beside the code, not in the shared /tmp that Node
  // would take: what lies in the cache is run. Where it cannot be written, nothing is lost.
  const cache = join(here, '..', '.cache');
  nodeModule.enableCompileCache(cache);
  // biome-ignore lint/style/noProcessEnv: it is written, not read, for the processes that this one starts
  process.env.NODE_COMPILE_CACHE ??= cache;
  await import(pathToFileURL(main).href);
} else {
  const pinned = pinnedNode();
  if (pinned === undefined) {
    process.stderr.write(
      `understudy: needs Node ${NEEDED} or later; this is ${process.version}, and the Node that comes with the package is missing.\n` +
        'Run `npm ci` without --omit=optional (Linux on x64 or arm64), or install Node 24 from https://nodejs.org.\n',
    );
    process.exitCode = 1;
  } else {
    handOver(pinned);
  }
}
