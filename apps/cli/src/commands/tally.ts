import type { Decision } from '@understudy/client';

/** Counts the decisions of a file, against the right answers where the file has them. */
export class Tally {
  decided = 0;
  #automated = 0;
  #known = 0;
  #right = 0;
  #automatedWrong = 0;

  add(decision: Decision, truth: string | undefined): void {
    this.decided++;
    const automated = decision.outcome === 'automated';
    if (automated) this.#automated++;
    if (truth === undefined) return;
    this.#known++;
    if ((decision.label ?? decision.suggestion?.label) === truth) this.#right++;
    if (automated && decision.label !== truth) this.#automatedWrong++;
  }

  summary(seconds: number) {
    return {
      decisions: this.decided,
      automated: this.#automated,
      review: this.decided - this.#automated,
      seconds: Math.round(seconds * 1000) / 1000,
      truth:
        this.#known === 0
          ? null
          : {
              rows: this.#known,
              right: this.#right,
              accuracy: this.#right / this.#known,
              automated_wrong: this.#automatedWrong,
            },
    };
  }
}
