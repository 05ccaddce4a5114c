import { newId, type Tx } from '@understudy/kernel';
import type { SessionStore } from './ports.ts';
import { hashSecret, newSignInCode } from './secret.ts';
import { CODE_MS, type SignInCode } from './session.ts';

/** A one-time code, which exists nowhere else. */
export interface NewCode {
  code: string;
  expiresAt: number;
}

/** Stores a new one-time code; only its hash stays. */
export async function issueCode(
  tx: Tx,
  sessions: Pick<SessionStore, 'insertCode'>,
  facts: Pick<SignInCode, 'workspace' | 'createdBy' | 'holder'>,
  now: number,
): Promise<NewCode> {
  const code = newSignInCode();
  const expiresAt = now + CODE_MS;
  await sessions.insertCode(tx, { id: newId('sic', now), ...facts, createdAt: now, expiresAt }, hashSecret(code));
  return { code, expiresAt };
}
