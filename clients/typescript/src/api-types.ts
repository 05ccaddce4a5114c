/** `GET /healthz/ready` */
export interface Readiness {
  status: string;
  /** Empty when all is. */
  not_ready: string[];
}

/** `GET /version` */
export interface ServerVersion {
  name: string;
  version: string;
  node: string;
}
