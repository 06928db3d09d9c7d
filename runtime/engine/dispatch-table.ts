import type { Plugin } from "../plugin/plugin.js";

/** Which plugin handles a port or protocol, by number: the plugin's index plus one, or 0 for none. */
export class DispatchTable {
  readonly udpPorts = new Uint8Array(65536);
  readonly tcpPorts = new Uint8Array(65536);
  readonly ethertypes = new Uint8Array(65536);
  readonly ipProtocols = new Uint8Array(256);
  /** Indexes of the plugins that can recognize their protocol's datagrams on other ports. */
  readonly datagramProbes: readonly number[];
  /** Indexes of the plugins that can recognize their protocol's streams on other ports. */
  readonly streamProbes: readonly number[];

  constructor(plugins: readonly Plugin[]) {
    if (plugins.length > 255) throw new RangeError("a dispatch table holds at most 255 plugins");
    for (const [index, { bindings }] of plugins.entries()) {
      for (const port of bindings.udpPorts) this.udpPorts[port] = index + 1;
      for (const port of bindings.tcpPorts) this.tcpPorts[port] = index + 1;
      for (const ethertype of bindings.ethertypes) this.ethertypes[ethertype] = index + 1;
      for (const protocol of bindings.ipProtocols) this.ipProtocols[protocol] = index + 1;
    }
    const withProbe = [...plugins.entries()].filter(([, { probe }]) => probe !== undefined);
    this.datagramProbes = withProbe.flatMap(([index, { decodeDatagram }]) => (decodeDatagram ? [index] : []));
    this.streamProbes = withProbe.flatMap(([index, { createStreamDecoder }]) => (createStreamDecoder ? [index] : []));
  }
}
