export * from './common.ts';
export * from './identity.ts';
export * from './lake.ts';
export * from './ledger.ts';
export * from './models.ts';
export * from './predictions.ts';
export * from './tasks.ts';
export * from './training.ts';
