/** One line of the table of honesty tests. */
export interface HonestyResult {
  /** `H1` to `H9`. */
  test: string;
  scenario: string;
  /** Simulated splits, streams, attacks. */
  runs: number;
  measured: Record<string, number | string>;
  /** What was promised, in words. */
  bound: string;
  pass: boolean;
}
