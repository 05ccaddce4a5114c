// Counts how many predictions are on the wire at once. An answer waits until as many are there as the path says
// (`/{together}/v1/predict/…`), so that a client that sends them one after the other gets none: after two seconds alone
// they are answered 500. GET /__counted tells and forgets. Prints its port on the first line.
import { createServer } from 'node:http';

let underWay = 0;
let most = 0;
let requests = 0;
let aborted = 0;
const waiting = new Map();

const decision = (item, task) => ({
  id: `dec_${item.external_id ?? 'x'}`,
  task,
  outcome: 'automated',
  label: item.input.text,
  external_id: item.external_id,
});

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/__counted') {
      response.end(JSON.stringify({ most, requests, aborted }));
      most = requests = aborted = 0;
      return;
    }
    const [, together, task, batch] = /^\/(\d+)\/v1\/predict\/([a-z-]+)(\/batch)?$/.exec(request.url);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    requests += 1;
    underWay += 1;
    most = Math.max(most, underWay);
    response.on('close', () => {
      underWay -= 1;
      if (!response.writableFinished) aborted += 1;
    });
    const answer = (status) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      if (status !== 200) return response.end('{"code": "alone", "detail": "it was alone"}');
      response.end(
        JSON.stringify(
          batch === undefined ? decision(body, task) : { decisions: body.items.map((item) => decision(item, task)) },
        ),
      );
    };
    const items = batch === undefined ? [body] : body.items;
    if (items.some((item) => item.input.text === 'broken')) return answer(500);
    if (items.some((item) => item.input.text === 'held')) return;
    const group = waiting.get(together) ?? [];
    waiting.set(together, group);
    const timer = setTimeout(() => {
      waiting.set(together, []);
      answer(500);
    }, 2000);
    group.push(() => {
      clearTimeout(timer);
      answer(200);
    });
    if (group.length >= Number(together)) {
      waiting.set(together, []);
      for (const go of group) go();
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
