import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import { parseAddress, ruleAgainst } from './address-rules.ts';
import type { AllowList } from './allow-list.ts';
import { refusal } from './check-url.ts';
import { egressErrors } from './errors.ts';
import type { Resolve } from './resolver.ts';

/** A name with more addresses than this is refused: nobody needs them, and each is checked. */
const MOST_ADDRESSES = 32;
/** Addresses that are tried one after the other, within the time for connecting. */
const MOST_TRIES = 3;

export interface ConnectorOptions {
  allow: AllowList;
  resolve: Resolve;
  connectMs: number;
}

/**
 * Connects to addresses that were checked, and to no others: the name is resolved once, every answer is looked at, and
 * the socket is given the very address, so that a name server that changes its mind has nobody to tell. TLS still
 * checks the certificate against the name.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const target = { host, port: Number(port) || (protocol === 'https:' ? 443 : 80), secure: protocol === 'https:' };
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), options.connectMs);
    open(target, options, timeout.signal)
      .finally(() => clearTimeout(timer))
      .then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error as Error, null),
      );
  };
}

interface Target {
  host: string;
  port: number;
  secure: boolean;
}

async function open(target: Target, options: ConnectorOptions, signal: AbortSignal): Promise<Socket> {
  const addresses = await checkedAddresses(target, options, signal);
  for (let attempt = 1; ; attempt++) {
    try {
      return await openSocket(addresses[attempt - 1]!, target, signal);
    } catch (error) {
      if (signal.aborted) throw tooLate();
      if (attempt >= Math.min(addresses.length, MOST_TRIES)) throw error;
    }
  }
}

/** @throws `egress_refused` if any of them must not be called */
async function checkedAddresses(
  { host, port }: Target,
  { allow, resolve }: ConnectorOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const literal = parseAddress(host) !== null;
  const answers = literal ? [host] : await orAbort(resolve(host, port, signal), signal);
  if (answers.length > MOST_ADDRESSES) {
    throw egressErrors.egress_refused(`The name has more than ${MOST_ADDRESSES} addresses. (rule addresses)`, {
      details: { rule: 'addresses' },
    });
  }
  const trusted = allow.allowsHost(host, port);
  return answers.map((answer) => {
    const address = parseAddress(answer);
    if (address === null) throw refusal('reserved', !literal);
    const rule = trusted || allow.allowsAddress(address, port) ? null : ruleAgainst(address);
    if (rule !== null) throw refusal(rule, !literal);
    return address.toString();
  });
}

function openSocket(address: string, { host, port, secure }: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // A literal address has no name to send; its certificate is checked against the address.
    const named = parseAddress(host) === null ? { servername: host } : {};
    const socket = secure
      ? connectTls({ host: address, port, ALPNProtocols: ['http/1.1'], ...named })
      : connectTcp({ host: address, port });
    const end = () => socket.destroy(tooLate());
    signal.addEventListener('abort', end, { once: true });
    socket.setNoDelay(true);
    socket.once('error', (error) => {
      signal.removeEventListener('abort', end);
      reject(error);
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', end);
      resolve(socket);
    });
  });
}

function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(tooLate());
    signal.addEventListener('abort', () => reject(tooLate()), { once: true });
    work.then(resolve, reject);
  });
}

const tooLate = () => egressErrors.egress_timeout('No connection in time.', { details: { phase: 'connect' } });
