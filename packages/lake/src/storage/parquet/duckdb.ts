import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ParquetJob } from './protocol.ts';

/** DuckDB over a file in the job's scratch folder, bounded in memory, unable to load or fetch extensions. */
export async function openDuckDb(job: ParquetJob): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(join(job.directory, 'work.duckdb'), {
    memory_limit: `${job.memoryMegabytes}MB`,
    threads: '1',
    temp_directory: join(job.directory, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    lock_configuration: 'true',
  });
  return instance.connect();
}

/** A path inside an SQL string: DuckDB takes no parameter there. Paths are the server's own. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
