export { capabilities } from './capabilities.ts';
export { FileSpool } from './file-spool.ts';
export { FilesystemObjectStore, type FilesystemObjectStoreOptions } from './filesystem-object-store.ts';
