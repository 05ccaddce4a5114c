import { Resolver as DnsResolver, lookup } from 'node:dns/promises';
import type { AllowList } from './allow-list.ts';

/** Asks for the addresses of a name. Rejects when there are none. */
export type Resolve = (host: string, port: number, signal: AbortSignal) => Promise<string[]>;

/**
 * The system's resolver. Public names are asked for over DNS alone (c-ares): that does not occupy the threads that files
 * are read with, so a name server that never answers stalls nothing else, and neither the hosts file nor search domains
 * turn a public name into an inner one. Names that the operator listed are asked for as the system does it.
 *
 * @param timeoutMs of one question
 */
export function systemResolver(allow: AllowList, timeoutMs: number): Resolve {
  return async (host, port, signal) => {
    if (allow.allowsHost(host, port)) return (await lookup(host, { all: true })).map(({ address }) => address);
    const dns = new DnsResolver({ timeout: timeoutMs, tries: 2 });
    const cancel = () => dns.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const answers = await Promise.allSettled([dns.resolve4(host), dns.resolve6(host)]);
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (found.length === 0) throw answers.find((answer) => answer.status === 'rejected')?.reason;
      return found;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}
