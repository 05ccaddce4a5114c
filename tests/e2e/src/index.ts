export { eventually } from './eventually.ts';
export { type Row, topicLabels, topicRows } from './example-rows.ts';
export { type Call, type Reply, send } from './http-call.ts';
export { bodyOf, type Operation, operationsOf, pathOf } from './operations.ts';
export { freePort, PostgresCluster } from './postgres-cluster.ts';
export { type RawReply, rawHttp } from './raw-http.ts';
export { processesOn, removeScratch, scratchFolder } from './scratch.ts';
export { type Exit, type ServerOptions, ServerProcess, StartFailed } from './server-process.ts';
export { makeWorkspace, trainedByHand, Workspace } from './workspace.ts';
