/** Times as the viewer lives them: their zone, their clock, the same words everywhere. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface TimeContext {
  now: number;
  /** IANA name; absent = the viewer’s. */
  timeZone?: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, options: Intl.DateTimeFormatOptions, timeZone: string | undefined): string {
  const key = JSON.stringify([options, timeZone]);
  let formatter = formats.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...options, ...(timeZone === undefined ? {} : { timeZone }) });
    formats.set(key, formatter);
  }
  return formatter.format(at);
}

/** `21 Nov 2026, 06:46:02 CET`: unambiguous. */
export function exactTime(at: number, { timeZone }: Partial<TimeContext> = {}): string {
  return format(
    at,
    {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    },
    timeZone,
  );
}

/** `21 Nov, 06:46`; with the year when it is not this one. */
export function shortTime(at: number, { now, timeZone }: TimeContext): string {
  const year = format(at, { year: 'numeric' }, timeZone) === format(now, { year: 'numeric' }, timeZone);
  return format(
    at,
    { day: 'numeric', month: 'short', ...(year ? {} : { year: 'numeric' }), hour: '2-digit', minute: '2-digit' },
    timeZone,
  );
}

/** `21 Nov 2026` */
export function day(at: number, { timeZone }: Partial<TimeContext> = {}): string {
  return format(at, { day: 'numeric', month: 'short', year: 'numeric' }, timeZone);
}

/** `just now`, `5 min ago`, `in 3 h`, `2 days ago`; older than a week: the date. */
export function relativeTime(at: number, context: TimeContext): string {
  const distance = context.now - at;
  const size = Math.abs(distance);
  if (size < 45_000) return 'just now';
  if (size >= 7 * DAY) return shortTime(at, context);
  const [value, unit] =
    size < HOUR
      ? [Math.max(1, Math.round(size / MINUTE)), 'min']
      : size < DAY
        ? [Math.round(size / HOUR), 'h']
        : [Math.round(size / DAY), Math.round(size / DAY) === 1 ? 'day' : 'days'];
  return distance > 0 ? `${value} ${unit} ago` : `in ${value} ${unit}`;
}

/** `0:07`, `12:30`, `1:02:03` */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
