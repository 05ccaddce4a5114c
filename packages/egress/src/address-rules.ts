import ipaddr from 'ipaddr.js';

/**
 * Why an address must not be called. The names are public: they go into errors.
 * - `metadata`: cloud metadata services, also those in otherwise public or shared ranges.
 * - `embedded_ipv4`: an IPv6 address that stands for an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo, ISATAP).
 * - `reserved`: everything else that is not public unicast.
 */
export type AddressRule =
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'shared'
  | 'multicast'
  | 'unspecified'
  | 'broadcast'
  | 'documentation'
  | 'embedded_ipv4'
  | 'metadata'
  | 'reserved';

/** Looked at in this order. What ipaddr.js does not call `unicast` is refused in any case, and these name the rule. */
const RANGES: readonly [AddressRule, readonly string[]][] = [
  [
    'metadata',
    [
      '169.254.169.254/32', // AWS, GCP, Azure, OpenStack, DigitalOcean, Oracle
      '169.254.169.253/32', // AWS DNS
      '169.254.170.2/32', // AWS ECS
      '169.254.170.23/32', // AWS EKS
      '100.100.100.200/32', // Alibaba
      '168.63.129.16/32', // Azure's wire server: in a public range
      '192.0.0.192/32', // Oracle
      'fd00:ec2::/32', // AWS
      'fd20:ce::254/128', // GCP
    ],
  ],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['broadcast', ['255.255.255.255/32']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10']],
  ['link_local', ['169.254.0.0/16', 'fe80::/10']],
  ['shared', ['100.64.0.0/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']],
  [
    'embedded_ipv4',
    ['::ffff:0:0/96', '::ffff:0:0:0/96', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'],
  ],
];

type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = [Address, number];

const ranges = RANGES.flatMap(([rule, list]) =>
  list.map((range) => ({ rule, network: ipaddr.parseCIDR(range) as Network })),
);
const globalUnicast = ipaddr.parseCIDR('2000::/3') as Network;

/** Whether an address lies in a network; of another family it never does, mapped or not. */
export function within(address: Address, [base, bits]: Network): boolean {
  if (address.kind() !== base.kind()) return false;
  return (address as ipaddr.IPv6).match(base as ipaddr.IPv6, bits);
}

/** An address of strict form (four decimal numbers, or IPv6), or null. A zone id counts as not parseable. */
export function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.IPv6.parse(text);
}

/** The rule that forbids an address, or null where it is public unicast. */
export function ruleAgainst(address: Address): AddressRule | null {
  const found = ranges.find(({ network }) => within(address, network));
  if (found !== undefined) return found.rule;
  if (address.range() !== 'unicast') return 'reserved';
  if (address.kind() === 'ipv4') return null;
  // Outside of it IANA has given nothing out; ISATAP interface ids (RFC 5214) name an IPv4 address inside of it.
  if (!within(address, globalUnicast)) return 'reserved';
  const { parts } = address as ipaddr.IPv6;
  return ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe ? 'embedded_ipv4' : null;
}
