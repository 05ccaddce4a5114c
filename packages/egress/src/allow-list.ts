import ipaddr from 'ipaddr.js';
import { type Network, parseAddress, within } from './address-rules.ts';

interface Entry {
  network: Network | null;
  host: string | null;
  port: number | null;
}

/**
 * What the operator lets callers reach besides the public internet: networks (`10.20.0.0/16`, `fd12::/64`), addresses
 * and names, these with or without a port (`10.1.2.3:8080`, `[fd12::1]:8080`, `hooks.internal:8443`). A name that is
 * listed may resolve to any address.
 */
export class AllowList {
  static readonly none = new AllowList([]);
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** Comma-separated entries. Throws RangeError that names the one that is not valid. */
  static parse(text: string): AllowList {
    const parts = text.split(',').map((part) => part.trim().toLowerCase());
    return new AllowList(parts.filter((part) => part !== '').map(parseEntry));
  }

  /** Whether this name or literal address is listed itself, for this port. */
  allowsHost(host: string, port: number): boolean {
    return this.#entries.some((entry) => entry.host === host && (entry.port === null || entry.port === port));
  }

  /** Whether an address may be connected to on this port. */
  allowsAddress(address: ipaddr.IPv4 | ipaddr.IPv6, port: number): boolean {
    return this.#entries.some(
      (entry) =>
        entry.network !== null && (entry.port === null || entry.port === port) && within(address, entry.network),
    );
  }
}

const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

function parseEntry(text: string): Entry {
  const wrong = () => new RangeError(`${JSON.stringify(text)} is no network, address or host with an optional port`);
  if (text.includes('/')) {
    try {
      return { network: ipaddr.parseCIDR(text) as Network, host: null, port: null };
    } catch {
      throw wrong();
    }
  }
  const bare = parseAddress(text);
  if (bare !== null) return { network: whole(bare), host: null, port: null };
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const [, name = '', digits] = match ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (match === null || port === 0 || (port ?? 1) > 65_535) throw wrong();
  const address = parseAddress(name.replace(/^\[|\]$/g, ''));
  if (address !== null) return { network: whole(address), host: null, port };
  // A last label of digits would be an address to some parsers.
  if (!HOST.test(name) || /(?:^|\.)\d+$/.test(name)) throw wrong();
  return { network: null, host: name, port };
}

const whole = (address: ipaddr.IPv4 | ipaddr.IPv6): Network => [address, address.kind() === 'ipv4' ? 32 : 128];
