import { type AddressRule, parseAddress, ruleAgainst } from './address-rules.ts';
import type { AllowList } from './allow-list.ts';
import { egressErrors } from './errors.ts';

/** Rules about how a URL is written; the address rules come on top. */
export type UrlRule = AddressRule | 'not_a_url' | 'scheme' | 'userinfo' | 'host_form' | 'local_name' | 'port';

const MAX_URL = 2_048;

/** Names that only mean something inside: RFC 6761, RFC 6762, RFC 8375, and what clouds and containers use. */
const LOCAL =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|lan|home|home\.arpa|test|invalid|example|onion|alt|arpa)$/;

/** Ports of other protocols, which an HTTP request could speak to by accident: the list of the Fetch standard. */
const OTHER_PROTOCOLS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060,
  5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9200, 10080, 11211, 27017,
]);

const DETAILS: Record<UrlRule, string> = {
  not_a_url: `Not an absolute URL of at most ${MAX_URL} printable ASCII characters.`,
  scheme: 'Only http and https are called.',
  userinfo: 'A URL with a user name or password is not called.',
  host_form:
    'The host is not written as it is meant: give a name in lower case letters (or punycode), or an address in its usual form.',
  local_name: 'This name only means something inside a network.',
  port: 'This port belongs to another protocol.',
  loopback: 'The address is a loopback address.',
  private: 'The address is private.',
  link_local: 'The address is link-local.',
  shared: 'The address is of the shared range of providers.',
  multicast: 'The address is a multicast address.',
  unspecified: 'The address stands for no host.',
  broadcast: 'The address is a broadcast address.',
  documentation: 'The address is for documentation only.',
  embedded_ipv4: 'The IPv6 address stands for an IPv4 address.',
  metadata: 'The address is that of a cloud’s metadata service.',
  reserved: 'The address is reserved.',
};

/** The error of a rule. `resolved`: the name led there; the address itself is not told. */
export function refusal(rule: UrlRule, resolved = false) {
  const detail = resolved ? `The name resolves to where calls must not go. ${DETAILS[rule]}` : DETAILS[rule];
  return egressErrors.egress_refused(`${detail} (rule ${rule})`, { details: { rule } });
}

export const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);

/** The host without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/**
 * What can be said about a URL without asking anybody: its form, and a literal address. What other programs could read
 * as another host than we do is refused, whatever it is.
 *
 * @throws `egress_refused`
 */
export function checkUrl(raw: string, allow: AllowList): URL {
  // Printable ASCII without what parsers drop (tab, newline) or turn around (backslash).
  if (raw.length > MAX_URL || !/^[\x21-\x5b\x5d-\x7e]+$/.test(raw) || !URL.canParse(raw)) throw refusal('not_a_url');
  const url = new URL(raw);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusal('scheme');
  const match = /^https?:\/\/([^/?#]+)(?:[/?#]|$)/i.exec(raw);
  if (match === null) throw refusal('not_a_url');
  const authority = match[1]!;
  if (url.username !== '' || url.password !== '' || authority.includes('@')) throw refusal('userinfo');
  const written = authority.replace(/:\d*$/, '').toLowerCase();
  const name = url.hostname;
  if (written !== name && !sameAddress(written, name)) throw refusal('host_form');
  if (name === '' || name.length > 253 || name.endsWith('.') || name.includes('%')) throw refusal('host_form');
  const port = portOf(url);
  const host = hostOf(url);
  const address = parseAddress(host);
  const listed = allow.allowsHost(host, port) || (address !== null && allow.allowsAddress(address, port));
  if (listed) return url;
  if (OTHER_PROTOCOLS.has(port)) throw refusal('port');
  if (address !== null) {
    const rule = ruleAgainst(address);
    if (rule !== null) throw refusal(rule);
  } else {
    if (!/^[a-z0-9._-]+$/.test(host) || host.split('.').some((label) => label === '' || label.length > 63)) {
      throw refusal('host_form');
    }
    if (!host.includes('.') || LOCAL.test(host)) throw refusal('local_name');
  }
  return url;
}

/** IPv6 has many spellings that all parsers agree on. */
function sameAddress(written: string, name: string): boolean {
  if (!written.startsWith('[') || !name.startsWith('[')) return false;
  return parseAddress(written.slice(1, -1))?.toString() === parseAddress(name.slice(1, -1))?.toString();
}
