import { busMigrations } from '@understudy/bus-postgres/storage';
import { compatMigrations } from '@understudy/compat/storage';
import { decisionsMigrations } from '@understudy/decisions/storage';
import { eventsMigrations } from '@understudy/events/storage';
import { identityMigrations } from '@understudy/identity/storage';
import { jobsMigrations } from '@understudy/jobs/storage';
import { lakeMigrations } from '@understudy/lake/storage';
import { ledgerMigrations } from '@understudy/ledger/storage';
import { monitoringMigrations } from '@understudy/monitoring/storage';
import { registryMigrations } from '@understudy/registry/storage';
import { reviewMigrations } from '@understudy/review/storage';
import { trainingMigrations } from '@understudy/training/storage';
import { valueMigrations } from '@understudy/value/storage';
import { edgeMigrations } from './idempotency/storage/idempotency-store.ts';

/** The rooms' migrations, in the order in which they run. */
export const roomMigrations = [
  busMigrations,
  edgeMigrations,
  identityMigrations,
  decisionsMigrations,
  lakeMigrations,
  registryMigrations,
  eventsMigrations,
  ledgerMigrations,
  trainingMigrations,
  valueMigrations,
  jobsMigrations,
  compatMigrations,
  reviewMigrations,
  monitoringMigrations,
];
