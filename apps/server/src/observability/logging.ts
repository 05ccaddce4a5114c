import { isUnderstudyError } from '@understudy/kernel';
import { type Logger as PinoLogger, pino } from 'pino';

/** What is known of an error without what a caller may have put into it: no payloads, no secrets, no SQL values. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    // A coded error’s text is written for callers; any other may quote a row or a body.
    ...(isUnderstudyError(error) ? { message: error.message } : { message: firstLine(error.message) }),
    stack: error.stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .slice(0, 12),
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}

const firstLine = (message: string) => (message.split('\n')[0] ?? '').slice(0, 300);

/** Structured logs: one JSON object a line on stdout, or short lines for people. */
export function createLogger(level: string, format: 'json' | 'text'): PinoLogger {
  const options = {
    level,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describe, error: describe, req: () => undefined, res: () => undefined },
    redact: { paths: ['*.authorization', '*.secret', '*.password', '*.key'], censor: '…' },
  };
  // stderr: stdout belongs to what the process says to whoever started it.
  if (format === 'json') return pino(options, pino.destination({ fd: 2, sync: false }));
  return pino(options, {
    write(line: string) {
      const { level: name, time, msg, reqId, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const facts = Object.entries(rest).map(
        ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      process.stderr.write(`${String(time).slice(11, 19)} ${String(name).padEnd(5)} ${msg} ${facts.join(' ')}\n`);
    },
  });
}
