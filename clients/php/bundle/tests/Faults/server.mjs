// A server that answers as Understudy does, or fails in one chosen way. PUT /__mode {"mode": …} chooses; GET /__log tells
// what arrived since then. Prints its port on the first line.
import { createServer } from 'node:http';

let mode = 'ok';
let label = 'ok';
let log = [];
let held = [];

const decision = (body, task, number = 1) => ({
  id: `dec_${task}_${number}`,
  task,
  outcome: label === null ? 'review' : 'automated',
  label,
  confidence: 0.987,
  threshold: 0.912,
  automation: 'certified',
  candidates: [{ label: label ?? 'ok', score: 0.987 }],
  ...(label === null
    ? { suggestion: { label: 'spam', confidence: 0.6 }, review: { item: 'rev_1', reason: 'below_threshold' } }
    : {}),
  decided_by: { rung: 'own_model', model: task, version: '7' },
  ...(body.external_id === undefined ? {} : { external_id: body.external_id }),
  created_at: '2026-11-01T10:00:00Z',
  cost: { amount: '0.000004', currency: 'EUR' },
});

const problem = (status, code, extra = {}) => ({
  status,
  type: 'application/problem+json',
  body: JSON.stringify({
    type: `https://understudy.example/errors/${code}`,
    title: code,
    status,
    detail: `it is ${code}`,
    code,
    request_id: 'req_of_the_fault',
    ...extra,
  }),
});

const task = (name) => ({
  id: 'tsk_1',
  task: name,
  kind: 'text_classification',
  labels: [{ name: 'ok' }, { name: 'spam' }],
  title: 'Comments',
  revision: 3,
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
});

function answer(path, body) {
  const predict = /^\/v1\/predict\/([a-z0-9-]+)(\/batch)?$/.exec(path);
  if (predict !== null) {
    if (predict[2] === undefined && body.input.text === 'poison') return problem(422, 'invalid_request');
    if (predict[2] === undefined) return { status: 200, body: JSON.stringify(decision(body, predict[1])) };
    const bad = body.items.map((item, i) => (item.input.text === 'poison' ? i : -1)).filter((i) => i >= 0);
    if (bad.length > 0) {
      return problem(
        400,
        'invalid_request',
        mode === 'blind'
          ? {}
          : { errors: bad.map((i) => ({ pointer: `/items/${i}/input/text`, code: 'invalid', detail: 'no' })) },
      );
    }
    return {
      status: 200,
      body: JSON.stringify({ decisions: body.items.map((item, i) => decision(item, predict[1], i + 1)) }),
    };
  }
  if (path === '/v1/tasks')
    return {
      status: 200,
      body: JSON.stringify({ data: [task('comment-moderation'), task('sentiment')], next_cursor: null }),
    };
  if (/^\/v1\/tasks\/[a-z-]+$/.test(path)) return { status: 200, body: JSON.stringify(task(path.slice(10))) };
  if (/^\/v1\/tasks\/[a-z-]+\/examples$/.test(path)) {
    const rows =
      typeof body === 'string' ? body.split('\n').filter((line) => line !== '').length : body.examples.length;
    return {
      status: 200,
      body: JSON.stringify({ accepted: rows, duplicates: 0, conflicts: 0, rejected: 0, problems: [], new_labels: [] }),
    };
  }
  if (path === '/v1/jobs') {
    const job = {
      id: 'job_1',
      task: 'sentiment',
      status: 'running',
      priority: 5,
      attempts: 1,
      progress: { done: 3, total: 10, unit: 'items', eta_seconds: 4 },
      error: null,
      not_before: null,
      created_at: '2026-11-01T10:00:00Z',
      started_at: '2026-11-01T10:00:01Z',
      finished_at: null,
    };
    return {
      status: 200,
      body: JSON.stringify({
        data: [
          job,
          { ...job, id: 'job_2', status: 'failed', error: { code: 'task_not_found', detail: 'no such task' } },
        ],
        next_cursor: null,
      }),
    };
  }
  if (path === '/v1/me')
    return {
      status: 200,
      body: JSON.stringify({
        workspace: { id: 'ws_1', name: 'Forum' },
        principal: { type: 'api_key', id: 'key_1', name: 'forum' },
        scopes: ['predict:write', 'tasks:read'],
        role: null,
      }),
    };
  if (path === '/healthz/ready') return { status: 200, body: JSON.stringify({ status: 'ready', checks: {} }) };
  if (path === '/healthz/live') return { status: 200, body: JSON.stringify({ status: 'live' }) };
  if (path === '/version')
    return { status: 200, body: JSON.stringify({ name: 'understudy', version: '0.1.0', commit: null, node: 'v24' }) };
  return problem(404, 'not_found');
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('error', () => {});
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const text = Buffer.concat(chunks).toString();
    if (path === '/__mode') {
      ({ mode = 'ok', label = 'ok' } = JSON.parse(text));
      log = [];
      for (const socket of held) socket.destroy();
      held = [];
      return response.end('{}');
    }
    if (path === '/__log') return response.end(JSON.stringify(log));
    let body = text;
    try {
      body = JSON.parse(text);
    } catch {
      // NDJSON stays text.
    }
    log.push({ method: request.method, path, headers: request.headers, body });
    const send = ({ status, body: content, type = 'application/json' }, headers = {}) => {
      response.writeHead(status, { 'content-type': type, 'x-request-id': 'req_of_the_server', ...headers });
      response.end(content);
    };
    switch (mode) {
      case 'reset':
        return request.socket.destroy();
      case 'hang':
        return held.push(request.socket);
      case 'half_body':
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': 5000,
          'x-request-id': 'req_of_the_server',
        });
        return response.write('{"id": "dec_', () => request.socket.destroy());
      case 'html':
        return send({ status: 200, body: '<html><body>It works!</body></html>', type: 'text/html' });
      case 'html_502':
        return send({ status: 502, body: '<html><body>Bad Gateway</body></html>', type: 'text/html' });
      case 'wrong_json':
        return send({ status: 200, body: '{"decisions": "none", "data": 7, "outcome": []' });
      case 'other_json':
        return send({ status: 200, body: '[1, "two", null]' });
      case '500':
        return send(problem(500, 'internal'));
      case '503':
        return send(problem(503, 'unavailable'), { 'retry-after': '30' });
      case '503_soon':
        return send(problem(503, 'unavailable'), { 'retry-after': '0' });
      case '429_soon':
        return send(problem(429, 'rate_limited'), { 'retry-after': '0' });
      case '429':
        return send(problem(429, 'rate_limited'), { 'retry-after': '30' });
      case 'expired_key':
        return send(problem(401, 'key_expired'));
      case 'forbidden':
        return send(problem(403, 'scope_missing'));
      case 'task_gone':
        return send(problem(404, 'task_not_found'));
      case 'task_changed':
        return send(
          problem(422, 'invalid_request', {
            errors: [{ pointer: '/input/title', code: 'required', detail: 'the task wants a title' }],
          }),
        );
      default:
        return send(answer(path, body));
    }
  });
});
server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
