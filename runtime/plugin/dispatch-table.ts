import type { Plugin } from "./plugin.js";

/** Which plugin gets what, by number; 0 stands for none, else the plugin's index plus one. */
export class DispatchTable {
  readonly udpPorts = new Uint8Array(65536);
  readonly ethertypes = new Uint8Array(65536);
  readonly ipProtocols = new Uint8Array(256);
  /** Indexes of the plugins that can tell their protocol on foreign ports. */
  readonly probes: readonly number[];

  constructor(plugins: readonly Plugin[]) {
    if (plugins.length > 255) throw new RangeError("a dispatch table holds at most 255 plugins");
    for (const [index, { bindings }] of plugins.entries()) {
      for (const port of bindings.udpPorts) this.udpPorts[port] = index + 1;
      for (const ethertype of bindings.ethertypes) this.ethertypes[ethertype] = index + 1;
      for (const protocol of bindings.ipProtocols) this.ipProtocols[protocol] = index + 1;
    }
    this.probes = plugins.flatMap(({ probe }, index) => (probe === undefined ? [] : [index]));
  }
}
