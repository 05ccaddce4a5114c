import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { completionNodes, completionScript, shells } from './completion.ts';
import { readEnvironment } from './environment.ts';
import { createProgram } from './program.ts';
import { Session } from './session.ts';
import { Home } from './testing/run-cli.ts';

const program = await createProgram(new Session(readEnvironment({}), process));

/** What bash would offer after these words, the last of which is being typed. */
function offered(home: Home, words: string[]): string[] {
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _understudy; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-c', script, 'bash', ...words], { cwd: home.path, encoding: 'utf8' });
  return out.split('\n').filter((word) => word !== '');
}

test('bash completes commands, aliases, options, choices and files, wherever the options stand', () => {
  using home = new Home();
  home.file('rows.csv', '');
  assert.deepEqual(offered(home, ['understudy', 'ta']), ['task']);
  assert.deepEqual(offered(home, ['understudy', '--url', 'http://x', 'task', 'c']), ['create']);
  assert.deepEqual(offered(home, ['understudy', 'task', 'create', '--max']), ['--max-error', '--max-length']);
  assert.deepEqual(offered(home, ['understudy', 'completion', '']), ['bash', 'zsh', 'fish']);
  assert.deepEqual(offered(home, ['understudy', 'train', 'x', '--promote', '']), ['if_better', 'never']);
  assert.deepEqual(offered(home, ['understudy', 'import', 'spam', 'ro']), ['rows.csv']);
  assert.deepEqual(offered(home, ['understudy', 'task', 'list', '--js']), ['--json']);
  assert.ok(offered(home, ['understudy', '']).includes('ledger'));
  assert.ok(!offered(home, ['understudy', '']).includes('rows.csv'));
});

test('every command and option of the tree stands in the script of every shell', () => {
  for (const shell of shells) {
    const script = completionScript(program, shell);
    for (const node of completionNodes(program)) {
      for (const { name } of node.subcommands) assert.ok(script.includes(name), `${shell}: ${name}`);
      for (const { flags } of node.options) {
        const long = flags.at(-1)!;
        assert.ok(script.includes(shell === 'fish' ? `-l ${long.slice(2)}` : long), `${shell}: ${long}`);
      }
    }
  }
});
