import { ConfigError, describeSettings, type RunningServer, readConfig, startServer } from '@understudy/server';
import { Command } from 'commander';
import type { ExampleTask } from '../demo/example-tasks.ts';
import { describePlay, play } from '../demo/play.ts';
import { type Seeded, seedExamples } from '../demo/seed.ts';
import { readEnvironment } from '../environment.ts';
import { UsageError } from '../exit-codes.ts';
import { readProfiles, saveProfile } from '../profile.ts';
import { cleanLine } from '../terminal/clean.ts';
import { percent } from '../terminal/format.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';

const say = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

/** `understudy start`: one server process in the foreground. */
export function startCommand(): Command {
  return new Command('start')
    .description('start the server in the foreground')
    .option('--demo', 'on an empty database, make an example workspace (UNDERSTUDY_DEMO decides when it is set)')
    .addHelpText(
      'after',
      `\nSettings (environment variables) [default]:\n${describeSettings()}\n
Examples:
  npm start                                   the embedded database and example tasks, on http://127.0.0.1:8080
  UNDERSTUDY_PORT=0 understudy start          any free port, no example tasks
  DATABASE_URL=postgres://… understudy start  your own PostgreSQL`,
    )
    .action(async ({ demo }: { demo?: boolean }) => {
      await runServer(demo === true);
    });
}

async function runServer(demoByDefault: boolean): Promise<void> {
  const variables = { ...readEnvironment().server };
  if (demoByDefault && (variables.UNDERSTUDY_DEMO ?? '') === '') variables.UNDERSTUDY_DEMO = 'on';
  if ((variables.UNDERSTUDY_LOG_FORMAT ?? '') === '' && process.stderr.isTTY) variables.UNDERSTUDY_LOG_FORMAT = 'text';
  if ((variables.UNDERSTUDY_LOG_LEVEL ?? '') === '' && process.stderr.isTTY) variables.UNDERSTUDY_LOG_LEVEL = 'warn';
  const config = configOf(variables);
  const stop = new AbortController();
  const stopped = untilSignal(stop);
  const startedAt = performance.now();
  let operatorKey = config.operatorKey ?? null;
  const server = await startServer(config, {
    step: (what) => say(`· ${what}`),
    operatorKeyMade: (key) => {
      operatorKey = key;
      say(`\nOperator key (makes workspaces; shown this once):  ${key}\n`);
    },
  });
  try {
    say(`listening on ${server.url}   (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    const invited = config.demo && (await invite(server));
    const seeded = config.demo ? await seed(server, operatorKey, config.dataDir, invited, stop.signal) : null;
    if (!stop.signal.aborted) say('\nReady. Ctrl-C stops it; your data stays.');
    const playing = seeded === null ? Promise.resolve() : playDemo(server.url, seeded, stop.signal);
    await stopped;
    await playing;
  } finally {
    say('\nstopping …');
    try {
      await server.close();
      say('stopped.');
    } finally {
      // What hung was left behind, and must not keep the process.
      setTimeout(() => process.exit(), 1000).unref();
    }
  }
}

/**
 * Prints where to look. The code is in the URL's fragment, which browsers send nowhere; it works once, and only for the
 * example workspace: everybody else's owner is signed in by `understudy sign-in`.
 */
async function invite(server: RunningServer): Promise<boolean> {
  const url = await server.demoSignInUrl();
  if (url !== null) say(`\nOpen ${url}   (signs you in, once, within 15 minutes)`);
  return url !== null;
}

function configOf(variables: NodeJS.ProcessEnv) {
  try {
    return readConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError)
      throw new UsageError(`the configuration is not valid:\n  ${error.message.replaceAll('\n', '\n  ')}`);
    throw error;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function untilSignal(stop: AbortController): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

async function seed(
  server: RunningServer,
  operatorKey: string | null,
  dataDir: string,
  invited: boolean,
  signal: AbortSignal,
): Promise<Seeded | null> {
  let bar: ProgressBar | undefined;
  try {
    const seeded = await seedExamples({
      url: server.url,
      operatorKey,
      dataDir,
      signal,
      progress: {
        keyMade: async (key) => {
          say(`\nExample workspace, key (shown this once):  ${key}`);
          if (!invited) await invite(server);
          say();
        },
        imported: (task, rows) => say(`· ${task.slug}: ${rows} examples`),
        training: (task, run) => {
          bar ??= new ProgressBar(process.stderr);
          const eta = run.progress.eta_seconds;
          bar.update(
            run.progress.done / run.progress.total,
            `training ${task.slug}`,
            `${run.progress.phase}${eta === null ? '' : `, ${eta} s left`}`,
          );
        },
        trained: (task, run) => {
          bar?.stop();
          bar = undefined;
          const accuracy = run.metrics?.accuracy;
          say(
            run.status === 'succeeded' && typeof accuracy === 'number'
              ? `· ${task.slug}: model ${run.model_version} (${cleanLine(run.chosen_trainer ?? '')}), ${percent(accuracy)} right on held-out rows`
              : `· ${task.slug}: ${run.status} ${cleanLine(run.error?.detail ?? '')}`,
          );
        },
      },
    });
    if (seeded !== null) {
      printExamples(server.url, seeded.key, seeded.tasks);
      await invite(server); // the one above has long scrolled away
      rememberKey(server.url, seeded.key);
    }
    return seeded;
  } catch (error) {
    bar?.stop();
    if (!signal.aborted) {
      say(
        `\nThe example workspace is not complete: ${cleanLine(error instanceof Error ? error.message : String(error))}`,
      );
      say('The server runs; the next start carries on with it.');
    }
    return null;
  }
}

/** The example tasks at work, until their streams end or the server is stopped; the next start goes on. */
async function playDemo(url: string, seeded: Seeded, signal: AbortSignal): Promise<void> {
  say('\nNow items arrive in the example tasks, and simulated reviewers answer what is not automated. Watch it in the');
  say('dashboard; `npx understudy demo --reset` plays it again.');
  const bar = new ProgressBar(process.stderr);
  try {
    const last = await play({
      url,
      key: seeded.key,
      tasks: seeded.tasks.map(({ slug }) => slug),
      speed: 1,
      signal,
      progress: (state) => bar.update(state.decided / state.total, 'demo', describePlay(state)),
    });
    bar.stop();
    say(`The demo has played: ${describePlay(last)}.`);
    await seeded.finish();
  } catch (error) {
    bar.stop();
    if (signal.aborted) return;
    say(`\nThe demo stopped: ${cleanLine(error instanceof Error ? error.message : String(error))}`);
    say('The server runs; the next start carries on with it.');
  }
}

/**
 * So that `npx understudy …` works at once. A profile that somebody made before stays the current one; one that an
 * earlier example workspace at this address left behind opens nothing any more, and is replaced.
 */
function rememberKey(url: string, key: string): void {
  const environment = readEnvironment();
  const known = readProfiles(environment);
  const leftBehind = known?.current === 'example' && known.profiles.example?.url === url;
  if (known !== null && !leftBehind) {
    say(`\nFor the command line:  export UNDERSTUDY_URL=${url} UNDERSTUDY_API_KEY=${key}`);
    return;
  }
  saveProfile(environment, 'example', { url, key });
  say('\nThe command line knows this workspace too:  npx understudy predict comment-sentiment "Not bad at all."');
}

/** Two lines that work when pasted: single quotes, and no character in the samples that a shell would touch. */
function printExamples(url: string, key: string, tasks: readonly ExampleTask[]): void {
  say('\nTry it:');
  for (const task of tasks.slice(0, 2)) {
    const body = JSON.stringify({ input: { text: task.sample }, explain: task === tasks[0] }).replaceAll("'", '');
    say(
      `\ncurl -s ${url}/v1/predict/${task.slug} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${body}'`,
    );
  }
}
