import { lakeErrors } from '@understudy/lake';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Turns a full disk, an exceeded quota or file-size limit into `storage_full`; anything else stays what it is. */
export function codedStorageError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' && FULL.has(code)
    ? lakeErrors.storage_full('there is no room left in the data directory', { cause: error })
    : error;
}
