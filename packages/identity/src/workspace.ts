/** A tenant. */
export interface Workspace {
  /** `ws_…` */
  id: string;
  name: string;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
}
