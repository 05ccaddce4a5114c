export { type AddressRule, parseAddress, ruleAgainst } from './address-rules.ts';
export { AllowList } from './allow-list.ts';
export { checkUrl, type UrlRule } from './check-url.ts';
export {
  DEFAULT_LIMITS,
  Egress,
  type EgressLimits,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
} from './egress.ts';
export { egressErrors } from './errors.ts';
export { type Resolve, systemResolver } from './resolver.ts';
