import { readFileSync } from 'node:fs';

/** The text of understudy.proto, for whoever generates code from it. */
export const protobufSchema = (): string => readFileSync(new URL('./understudy.proto', import.meta.url), 'utf8');
