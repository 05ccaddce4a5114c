export { collect } from './collect.ts';
export type { MockDecision } from './mock-answers.ts';
export { type MockAnswer, type MockFailure, type MockRequest, MockUnderstudy } from './mock-understudy.ts';
export { problem, type Script, type ScriptedAnswer, ScriptedServer, type SeenRequest } from './scripted-server.ts';
export { type SignedWebhook, signWebhook } from './sign-webhook.ts';
