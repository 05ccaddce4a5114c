/**
 * The floor of predict-http.ts: the same linear model behind bare node:http in one process. No authentication, no
 * schema, no ledger. usage: bare-server.ts model-file → prints its port.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LinearRuntime } from '@understudy/runtime-linear';

const model = await new LinearRuntime().load(readFileSync(process.argv[2]!), { maxMemoryBytes: 512 * 2 ** 20 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: { text: string } };
    const scores = model.predict([input]) as Float32Array;
    const candidates: { label: string; score: number }[] = [];
    for (let k = 0; k < scores.length; k++) {
      const score = scores[k]!;
      if (candidates.length === 5 && score <= candidates[4]!.score) continue;
      let at = candidates.length;
      while (at > 0 && candidates[at - 1]!.score < score) at--;
      candidates.splice(at, 0, { label: model.labels[k]!, score });
      if (candidates.length > 5) candidates.pop();
    }
    for (const candidate of candidates) candidate.score = Math.round(candidate.score * 1e6) / 1e6;
    const body = JSON.stringify({ label: candidates[0]!.label, confidence: candidates[0]!.score, candidates });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
