/** Is this address only reachable from this machine? IPv4, IPv6 (also in brackets), IPv4 in IPv6, or `localhost`. */
export const isLoopback = (address: string) => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\]|::ffff:127(\.\d{1,3}){3})$/i.test(address);
