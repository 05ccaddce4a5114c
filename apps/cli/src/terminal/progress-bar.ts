import { SingleBar } from 'cli-progress';
import { cleanLine } from './clean.ts';
import type { TextStream } from './output.ts';
import { cut } from './table.ts';

const WIDTH = 28;
/** A log that nobody watches live gets a line for each tenth and each phase, not a line for each change. */
const STEPS = 10;

/** A bar on a terminal; a few plain lines where stderr is a file or a pipe. */
export class ProgressBar {
  readonly #stream: TextStream;
  readonly #bar: SingleBar | undefined;
  #lastLine = '';
  #stopped = false;

  constructor(stream: TextStream, quiet = false) {
    this.#stream = stream;
    this.#quiet = quiet;
    if (quiet || stream.isTTY !== true) return;
    this.#bar = new SingleBar({
      stream,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      fps: 12,
      format: (_options, { progress }, { text = '' }) => {
        const share = Math.min(1, Math.max(0, progress));
        const full = Math.round(share * WIDTH);
        const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
        const room = Math.max(10, (stream.columns ?? 80) - WIDTH - 8);
        return `${bar} ${String(Math.floor(share * 100)).padStart(3)}% ${cut(cleanLine(text), room)}`;
      },
    });
    this.#bar.start(1, 0, { text: '' });
  }

  readonly #quiet: boolean;

  /** `share` 0…1; `stage` names what is going on; `detail` may change with every call. */
  update(share: number, stage: string, detail = ''): void {
    if (this.#stopped || this.#quiet) return;
    if (this.#bar !== undefined) {
      this.#bar.update(share, { text: [stage, detail].filter((part) => part !== '').join(' · ') });
      return;
    }
    const line = `${stage} ${Math.floor(share * STEPS) * (100 / STEPS)}%`;
    if (line === this.#lastLine) return;
    this.#lastLine = line;
    this.#stream.write(`${cleanLine(line)}\n`);
  }

  /** Takes the bar away, so that what is printed next has a line of its own. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#bar?.stop();
  }
}
