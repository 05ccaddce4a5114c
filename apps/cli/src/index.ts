export { completionScript, type Shell, shells } from './completion.ts';
export { createProgram } from './program.ts';
export { Session } from './session.ts';
