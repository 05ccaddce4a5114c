import type { Event } from '../generated/api.ts';

export interface SignedWebhook {
  body: string;
  headers: { 'content-type': string; 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };
}

/**
 * A delivery as the server would make it (Standard Webhooks 1.0), to test an endpoint with. What the event lacks is
 * filled in.
 *
 * @param secret `whsec_…`
 * @param now milliseconds since the epoch
 */
export async function signWebhook(
  secret: string,
  event: Pick<Event, 'type' | 'data'> & Partial<Event>,
  now: number = Date.now(),
): Promise<SignedWebhook> {
  const whole: Event = {
    specversion: '1.0',
    id: `evt_${crypto.randomUUID()}`,
    source: '/workspaces/ws_mock',
    subject: '',
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    ...event,
  };
  const body = JSON.stringify(whole);
  const timestamp = String(Math.floor(now / 1000));
  const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signed = new TextEncoder().encode(`${whole.id}.${timestamp}.${body}`);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': whole.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${btoa(String.fromCharCode(...mac))}`,
    },
  };
}
