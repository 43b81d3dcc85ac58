import { BlockList, isIP } from 'node:net';

/**
 * Whether an IP address belongs to the public internet. Everything that leads back to this machine, to its network or to a
 * cloud's metadata service does not, in whatever way it is wrapped.
 *
 * @see IANA special-purpose address registries (RFC 6890)
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  // 2000::/3 is all of the public IPv6 space handed out so far; mapped and translated IPv4 lies outside it.
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

const special = new BlockList();
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]) {
  const [network, bits] = range.split('/') as [string, string];
  special.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
}

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
