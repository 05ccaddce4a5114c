import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { componentsFolder } from './broker-folder.ts';

export type Component = 'kafka' | 'rabbitmq' | 'elasticmq' | 'php' | 'python';

interface Requirement {
  installed(): boolean;
  /** Commands without which `install.sh` would have to become root; then we do not try by ourselves. */
  needs: readonly string[];
  /** Beside this room's folder. Default `install.sh <component>`. */
  script?: string;
}

const requirements: Readonly<Record<Component, Requirement>> = {
  kafka: {
    installed: () => isCommand('java') && existsSync(join(componentsFolder(), 'kafka-4.3.1', 'ready')),
    needs: ['java', 'mvn', 'flock'],
  },
  elasticmq: {
    installed: () => isCommand('java') && existsSync(join(componentsFolder(), 'elasticmq-1.7.1', 'ready')),
    needs: ['java', 'mvn', 'flock'],
  },
  rabbitmq: {
    installed: () => existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server'),
    needs: ['apt-get (as root)'],
  },
  php: {
    installed: () =>
      isCommand('php') &&
      ['5.4', '6.4', '7.4'].every((version) => existsSync(join(componentsFolder(), `php-${version}`, 'ready'))),
    needs: ['apt-get (as root)'],
    script: 'php/install.sh',
  },
  // What it needs else, the client's own script puts into an environment of its own.
  python: {
    installed: () => spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0,
    needs: ['python3 with venv'],
  },
};

const folder = resolve(import.meta.dirname, '..');

/**
 * True, or why the component cannot be had here and how to get it. What Maven alone can install is installed on first
 * use, which takes up to a minute; nothing is installed as root.
 */
export function available(component: Component): true | string {
  const { installed, needs, script } = requirements[component];
  if (installed()) return true;
  const [file, ...args] = script === undefined ? [join(folder, 'install.sh'), component] : [join(folder, script)];
  const how = `run ${[file, ...args].join(' ')}`;
  const missing = needs.filter((command) => !isCommand(command));
  if (missing.length > 0) return `${component} is not installed, and there is no ${missing.join(', ')}: ${how}`;
  const { status, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: 300_000 });
  if (status === 0 && installed()) return true;
  return `${component} could not be installed (${how}): ${stderr.slice(-500)}`;
}

/**
 * For `test('…', { skip: unlessAvailable('kafka') }, …)`: false, or the reason to skip, also printed. Under `CI=true`
 * nothing is skipped: it throws.
 */
export function unlessAvailable(component: Component): false | string {
  const answer = available(component);
  if (answer === true) return false;
  if (process.env.CI === 'true') throw new Error(answer);
  console.error(`SKIPPED: ${answer}`);
  return answer;
}

function isCommand(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}
