export interface Budget {
  /** At most this share of the automated answers is wrong… */
  maxError: number;
  /** …with this confidence. */
  confidence: number;
}
