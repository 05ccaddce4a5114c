/** A tenant. */
export interface Workspace {
  /** `ws_…` */
  id: string;
  name: string;
  /** Filled with example data. */
  demo: boolean;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
}
