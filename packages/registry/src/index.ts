export { registryErrors } from './errors.ts';
export {
  type AliasChange,
  type Artifact,
  CHAMPION,
  type Lineage,
  type Model,
  type ModelVersion,
  type NewVersion,
} from './model.ts';
export type { AuditTrail, Page, RegistryStore } from './ports.ts';
export { Registry } from './registry.ts';
