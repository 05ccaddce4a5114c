import { readFileSync } from 'node:fs';
import { CONTRACTS } from './case.ts';

/** A method that every client has. */
export interface Method {
  /** Of `contracts/openapi.json`: `PUT /v1/tasks/{task}`; null for what stands on other methods. */
  operation: string | null;
  about?: string;
  /** Names of its arguments; those that end in `?` may be left out. */
  arguments: string[];
  returns: 'value' | 'nothing' | 'list' | 'items' | 'text' | 'events';
}

/** `contracts/conformance/methods.json`: what clients are asked to do, by name. */
export const methods: Readonly<Record<string, Method>> = (
  JSON.parse(readFileSync(new URL('conformance/methods.json', CONTRACTS), 'utf8')) as {
    methods: Record<string, Method>;
  }
).methods;
