import type { Plugin } from "../plugin/plugin.js";

/** Which plugin gets what, by number; 0 stands for none, else the plugin's index plus one. */
export class DispatchTable {
  readonly udpPorts = new Uint8Array(65536);
  readonly tcpPorts = new Uint8Array(65536);
  readonly ethertypes = new Uint8Array(65536);
  readonly ipProtocols = new Uint8Array(256);
  /** Indexes of the plugins that can recognise their protocol's datagrams on foreign ports. */
  readonly datagramProbes: readonly number[];
  /** Indexes of the plugins that can recognise their protocol's streams on foreign ports. */
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
