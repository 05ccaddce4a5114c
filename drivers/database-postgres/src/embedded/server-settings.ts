/** Settings of the embedded server: small when idle, durable, and reachable through its socket only. */
export interface ServerSettings {
  socketDirectory: string;
  /** False only for throw-away clusters of unit tests. */
  durable: boolean;
  majorVersion: number;
}

/** postgres' command line after `-D <cluster>`. */
export function serverArguments({ socketDirectory, durable, majorVersion }: ServerSettings): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    max_connections: 60,
    shared_buffers: '96MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',
    // Two cores serve many small statements: helpers for a single big one would only stand in their way.
    max_parallel_workers_per_gather: 0,
    max_worker_processes: 4,
    max_logical_replication_workers: 0,
    jit: 'off',
    // The worker processes of PostgreSQL 18's asynchronous I/O cost memory while idle and gain nothing at this size.
    ...(majorVersion >= 18 ? { io_method: 'sync' } : {}),
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    wal_compression: 'pglz',
    max_wal_size: '1GB',
    min_wal_size: '80MB',
    checkpoint_timeout: '10min',
    random_page_cost: 1.1,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // `log` leaves out failed statements: their text and values are tenants' data, and the application reports them.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    cluster_name: 'understudy',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
