import type { Role } from './roles.ts';

/** A person in a workspace. */
export interface Member {
  /** `mem_…` */
  id: string;
  workspace: string;
  name: string;
  /** Unique within the workspace, whatever its case. Proves nothing: nobody checks whose it is. */
  email: string | null;
  role: Role;
  /** False = cannot sign in. */
  active: boolean;
  /** Counts up with each change. */
  version: number;
  /** Id of the member or key that added them, or `operator`. */
  createdBy: string;
  createdAt: number;
  updatedAt: number;
  lastSeenAt: number | null;
}

export interface NewMember {
  name: string;
  email: string | null;
  role: Role;
}

export type MemberChange = Partial<Pick<Member, 'name' | 'email' | 'role' | 'active'>>;

/** The strong entity tag of a member's present version. */
export const etagOf = ({ id, version }: Member): string => `"${id}.${version}"`;
