import type { Database, Principal } from '@understudy/kernel';
import { identityErrors } from './errors.ts';
import type { IdentityStore } from './ports.ts';
import { hashSecret, looksLikeOperatorKey, newOperatorSecret, sameHash } from './secret.ts';

/** The operator: outside of every workspace, makes workspaces, sees metrics, and no tenant's data. */
export const operatorPrincipal: Principal = {
  kind: 'operator',
  workspace: '',
  id: 'operator',
  scopes: new Set(['metrics:read']),
};

export interface OperatorKey {
  hash: Uint8Array;
  /** The key itself, only when it has just been made: to be shown once. */
  made: string | null;
}

/**
 * The operator key of this installation. A configured one counts alone and is not stored; otherwise the first start
 * makes one, of which only the hash stays. Several servers may start at once: one key comes of it, shown by one.
 *
 * @throws `operator_key_invalid`
 */
export async function ensureOperatorKey(
  database: Database,
  store: IdentityStore,
  configured?: string,
): Promise<OperatorKey> {
  if (configured !== undefined) {
    if (!looksLikeOperatorKey(configured)) {
      throw identityErrors.operator_key_invalid(
        'The configured operator key is not `us_op_` and 32 random characters.',
      );
    }
    return { hash: hashSecret(configured), made: null };
  }
  return database.asSystem(async (tx) => {
    const stored = await store.findOperatorHash(tx);
    if (stored !== null) return { hash: stored, made: null };
    const secret = newOperatorSecret();
    const mine = hashSecret(secret);
    const kept = await store.keepOperatorHash(tx, mine);
    return { hash: kept, made: sameHash(kept, mine) ? secret : null };
  });
}
