import type { Migrations } from '@understudy/kernel';

export { PostgresDatasetStore } from './dataset-store.ts';
export { ExampleSignatures } from './example-signatures.ts';
export { PostgresExampleStore } from './example-store.ts';
export { PostgresLabelledDecisionStore } from './labelled-decision-store.ts';
export { ParquetDatasetFiles, type ParquetOptions } from './parquet/dataset-files.ts';

export const lakeMigrations: Migrations = {
  room: 'lake',
  directory: new URL('./migrations/', import.meta.url),
};
