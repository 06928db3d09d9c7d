/** UDP ports of tunnels, as assigned by IANA. */
export const UdpPort = {
  L2tp: 1701,
  GtpU: 2152,
  Teredo: 3544,
  Lisp: 4341,
  Gre: 4754,
  Vxlan: 4789,
  VxlanGpe: 4790,
  Ayiya: 5072,
  Gue: 6080,
  Geneve: 6081,
  Mpls: 6635,
  /** VXLAN of Linux before the assignment, and of OTV. */
  VxlanOfLinux: 8472,
} as const;

const ports = new Uint8Array(65536);
for (const port of Object.values(UdpPort)) ports[port] = 1;

/** True for a port that a tunnel has. */
export function isTunnelPort(port: number): boolean {
  return ports[port] === 1;
}
