export { collect } from './collect.ts';
export { problem, type Script, type ScriptedAnswer, ScriptedServer, type SeenRequest } from './scripted-server.ts';
