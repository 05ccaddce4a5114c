import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './case.ts';

const PAGE = '<!doctype html><title>Bad gateway</title><h1>The proxy speaks</h1>';

/** Answers as the case says, faults included. A connection that shall hang is left open; the server closes it later. */
export async function answer(response: ServerResponse, script: Answer): Promise<void> {
  if (script.delay_ms !== undefined) await delay(script.delay_ms);
  const { fault, status = 200 } = script;
  if (fault === 'hang') return;
  if (fault === 'reset') {
    response.destroy();
    return;
  }
  const pieces = piecesOf(script);
  const whole = Buffer.from(pieces.join(''), 'utf8');
  response.writeHead(status, headersOf(script, status, whole.length));
  if (status === 204 || status === 304) {
    response.end();
    return;
  }
  if (fault === 'half_body' || fault === 'stall') {
    response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => {
      if (fault === 'half_body') response.destroy();
    });
    return;
  }
  for (const piece of pieces) {
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
  if (fault === 'broken_stream') response.destroy();
  else response.end();
}

function piecesOf({ fault, json, body }: Answer): string[] {
  if (fault === 'html') return [PAGE];
  if (json !== undefined) return [JSON.stringify(json)];
  return (Array.isArray(body) ? body : [body ?? '']).filter((piece) => piece !== '');
}

function headersOf(script: Answer, status: number, length: number): Record<string, string> {
  const type = script.fault === 'html' ? 'text/html' : status >= 400 ? 'application/problem+json' : 'application/json';
  const streamed = Array.isArray(script.body) || status === 204 || status === 304;
  const headers: Record<string, string> = {
    'x-request-id': 'req_conformance',
    ...(status === 204 ? {} : { 'content-type': type }),
    ...(streamed ? {} : { 'content-length': String(length) }),
  };
  for (const [name, value] of Object.entries(script.headers ?? {})) {
    headers[name.toLowerCase()] =
      typeof value === 'string' ? value : new Date(Date.now() + value.date_in_seconds * 1000).toUTCString();
  }
  return headers;
}
