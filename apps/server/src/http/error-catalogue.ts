import { compatErrors } from '@understudy/compat';
import { databaseErrors } from '@understudy/database-postgres';
import { decisionsErrors } from '@understudy/decisions';
import { egressErrors } from '@understudy/egress';
import { eventErrors, webhookErrors } from '@understudy/events';
import { identityErrors } from '@understudy/identity';
import { inferenceErrors } from '@understudy/inference';
import { jobErrors, sourceErrors } from '@understudy/jobs';
import type { ErrorCatalogue } from '@understudy/kernel';
import { lakeErrors } from '@understudy/lake';
import { ledgerErrors } from '@understudy/ledger';
import { monitoringErrors } from '@understudy/monitoring';
import { registryErrors } from '@understudy/registry';
import { reviewErrors } from '@understudy/review';
import { trainingErrors } from '@understudy/training';
import { valueErrors } from '@understudy/value';
import { backupErrors } from '../backup/errors.ts';
import { leadershipErrors } from '../leadership/errors.ts';
import { httpErrors } from './errors.ts';

/** Every coded error of the server by the room that owns it. */
export const errorCatalogues: readonly { room: string; catalogue: ErrorCatalogue }[] = [
  { room: 'HTTP', catalogue: httpErrors.catalogue },
  { room: 'Backup', catalogue: backupErrors.catalogue },
  { room: 'Leadership', catalogue: leadershipErrors.catalogue },
  { room: 'Database', catalogue: databaseErrors.catalogue },
  { room: 'Identity', catalogue: identityErrors.catalogue },
  { room: 'Tasks and decisions', catalogue: decisionsErrors.catalogue },
  { room: 'Examples, datasets, objects', catalogue: lakeErrors.catalogue },
  { room: 'Training', catalogue: trainingErrors.catalogue },
  { room: 'Models', catalogue: registryErrors.catalogue },
  { room: 'Inference', catalogue: inferenceErrors.catalogue },
  { room: 'Ledger', catalogue: ledgerErrors.catalogue },
  { room: 'Jobs', catalogue: jobErrors.catalogue },
  { room: 'Sources and events in', catalogue: sourceErrors.catalogue },
  { room: 'Doors in other shapes', catalogue: compatErrors.catalogue },
  { room: 'Review', catalogue: reviewErrors.catalogue },
  { room: 'Live quality and alerts', catalogue: monitoringErrors.catalogue },
  { room: 'Value', catalogue: valueErrors.catalogue },
  { room: 'Calls out', catalogue: egressErrors.catalogue },
  { room: 'Message systems', catalogue: eventErrors.catalogue },
  { room: 'Webhooks', catalogue: webhookErrors.catalogue },
];
