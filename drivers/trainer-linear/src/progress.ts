/** Turns steps of phases into a share of the whole job that never falls. Reports at most every 1 % and every phase. */
export class Progress {
  readonly #observer: { progress(update: { phase: string; fraction: number }): void };
  #phase = '';
  #from = 0;
  #to = 0;
  #steps = 1;
  #done = 0;
  #reported = -1;

  constructor(observer: { progress(update: { phase: string; fraction: number }): void }) {
    this.#observer = observer;
  }

  /** A phase that covers the shares [from, to) of the job in at most so many steps. */
  enter(phase: string, from: number, to: number, steps: number): void {
    this.#phase = phase;
    this.#from = from;
    this.#to = to;
    this.#steps = steps;
    this.#done = 0;
    this.#reported = -1;
    this.#report(from);
  }

  step(): void {
    this.at(++this.#done / this.#steps);
  }

  /** Where in the phase the job is, 0…1. */
  at(fraction: number): void {
    this.#report(this.#from + (this.#to - this.#from) * Math.min(1, fraction));
  }

  #report(fraction: number): void {
    if (fraction < this.#reported + 0.01) return;
    this.#reported = fraction;
    this.#observer.progress({ phase: this.#phase, fraction });
  }
}
