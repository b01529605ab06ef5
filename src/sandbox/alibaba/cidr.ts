/** An IPv4 block as numbers: network address and prefix length 0–32. */
export interface Cidr {
  readonly network: number;
  readonly prefix: number;
}

/**
 * Reads an IPv4 address; undefined for anything else, leading zeros included.
 *
 * Examples: `192.168.0.1` → 3232235521; `192.168.0.256`, `192.168.01.1`, `::1` → undefined.
 */
export function parseIpv4(text: string): number | undefined {
  const parts = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  if (parts === null) return undefined;
  const bytes = parts.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((address, byte) => address * 256 + byte, 0);
}

/**
 * Reads an IPv4 block; a bare address is a block of one. Host bits are dropped.
 *
 * Examples: `10.0.0.0/8`, `10.1.2.3/8` (same block), `10.1.2.3`; undefined for `10.0.0.0/33`, `10.0.0/8`, IPv6.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", prefixText = "32", ...rest] = text.split("/");
  const network = parseIpv4(address);
  if (network === undefined || rest.length > 0 || !/^\d{1,2}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  return prefix > 32 ? undefined : { network: maskTo(network, prefix), prefix };
}

/** Writes a block as text, always with its prefix length. */
export function cidrToText(cidr: Cidr): string {
  return `${ipv4ToText(cidr.network)}/${cidr.prefix}`;
}

/** Writes an address in dotted form. */
export function ipv4ToText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Whether `outer` covers the whole of `inner`; a block covers itself. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && maskTo(inner.network, outer.prefix) === outer.network;
}

/** Whether an address lies in a block given as text; false when the text is no IPv4 block. */
export function textContainsAddress(cidrText: string, address: number): boolean {
  const cidr = parseCidr(cidrText);
  return cidr !== undefined && cidrContains(cidr, { network: address, prefix: 32 });
}

function maskTo(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return address - (address % size);
}
