import type { TsharkField, TsharkFrame } from "./tshark-frame.js";

/** A tunnel as tshark shows it. */
export interface TsharkTunnel {
  /** Wireshark's name of the protocol. */
  readonly protocol: string;
  /** Undefined if tshark shows none. */
  readonly id: number | undefined;
  /** Addresses of the packet around it; undefined without IP. */
  readonly source: string | undefined;
  readonly destination: string | undefined;
}

/** The innermost packet of a frame, as tshark shows it. */
export interface TsharkInnermost {
  readonly tunnels: readonly TsharkTunnel[];
  /** Identifiers of the VLAN tags of the outermost frame that has tags. */
  readonly vlanIds: readonly string[];
  /** 0 without IP. */
  readonly ipVersion: number;
  readonly source: string | undefined;
  readonly destination: string | undefined;
  /** Wireshark's name of the transport protocol, undefined for others. */
  readonly transport: string | undefined;
  /** Value of one of the IP header's fields. */
  networkValue(field: TsharkField): string | undefined;
  /** Value of one of the transport protocol's fields. */
  transportValue(field: TsharkField): string | undefined;
}

/** Protocols between those that count here; they carry the next protocol and are not tunnels. */
const LINK_LAYERS = new Set(
  (
    "eth ethertype vlan ieee8021ad llc raw null loop sll sll.ltype ppp chdlc fr fddi tr radiotap wlan_radio wlan prism wlancap pktap ppi " +
    "pcap_pktdata ipoib nflog pflog enc ipnet atm osi cmd avsp macsec nsh vntag etag hsr trill cfp ap1394 ipfc pwethheuristic pwethcw pwethnocw"
  ).split(" "),
);
const IP_EXTENSIONS = new Set(
  "ah ipv6.hopopts ipv6.routing ipv6.fraghdr ipv6.dstopts ipv6.hipopts ipv6.shim6 hip shim6 mipv6".split(" "),
);
const TRANSPORTS = new Set(["tcp", "udp", "icmp", "icmpv6", "sctp", "dccp"]);
/** Tunnels by Wireshark's names; those of the second kind are found without IP too. */
const TUNNELS = new Set("gre vxlan geneve gtp teredo l2tp etherip ayiya lisp-data".split(" "));
const LABEL_TUNNELS = new Set("mpls pppoes ieee8021ah".split(" "));
const VLAN_TAGS = new Set(["vlan", "ieee8021ad"]);

/**
 * Finds the innermost packet in the chain of protocols that tshark shows for a frame, whose fragments are reassembled if `isAssembled`.
 * Packets that ICMP errors quote are not part of it.
 */
export function findInnermost(frame: TsharkFrame, isAssembled = false): TsharkInnermost {
  return new Walk(frame, isAssembled).innermost;
}

class Walk {
  readonly innermost: TsharkInnermost;
  readonly #frame: TsharkFrame;
  readonly #isAssembled: boolean;
  readonly #protocols: readonly string[];
  /** How often each protocol was passed, which is the occurrence of its fields that comes next. */
  readonly #passed = new Map<string, number>();
  readonly #vlanIds: string[] = [];
  /** Depth of the frame that {@link #vlanIds} are of. */
  #taggedDepth = 0;

  constructor(frame: TsharkFrame, isAssembled: boolean) {
    this.#frame = frame;
    this.#isAssembled = isAssembled;
    this.#protocols = (frame["frame.protocols"][0] ?? "").split(":");
    this.innermost = this.#packetAt(0, []) ?? this.#packet([]);
  }

  /** The innermost packet from protocol number `at` on, inside `tunnels`; undefined for an IP header that tshark cannot read. */
  #packetAt(at: number, tunnels: readonly TsharkTunnel[]): TsharkInnermost | undefined {
    for (; LINK_LAYERS.has(this.#protocols[at]!); at++) {
      const protocol = this.#protocols[at]!;
      if (VLAN_TAGS.has(protocol)) this.#takeTag(protocol, tunnels.length);
      // tshark shows a backbone service tag as part of the VLAN tag before it.
      const isBackbone = protocol === "ieee8021ad" && this.#frame["ieee8021ah.isid"].length > 0;
      if (isBackbone) return this.#packetAt(at + 1, [...tunnels, this.#tunnel("ieee8021ah", undefined, undefined)]);
    }
    const protocol = this.#protocols[at];
    if (protocol === "ip" || protocol === "ipv6") return this.#ipPacketAt(at, tunnels);
    const frame = this.#packet(tunnels);
    if (!LABEL_TUNNELS.has(protocol ?? "")) return frame;
    return this.#insideTunnel(at, [...tunnels, this.#tunnel(protocol!, undefined, undefined)]) ?? frame;
  }

  /** Undefined for a header that tshark names but cannot read. */
  #ipPacketAt(at: number, tunnels: readonly TsharkTunnel[]): TsharkInnermost | undefined {
    const protocol = this.#protocols[at]!;
    // The dissector of one version may hand the packet to that of the other.
    if (protocol === "ip" && this.#protocols[at + 1] === "ipv6" && this.#frame["ip.src"].length === 0) {
      return this.#ipPacketAt(at + 1, tunnels);
    }
    const occurrence = this.#pass(protocol);
    const source = this.#value(`${protocol}.src` as TsharkField, occurrence);
    const destination = this.#value(`${protocol}.dst` as TsharkField, occurrence);
    if (source === undefined || destination === undefined) return undefined;
    let isFragment = false;
    let isLaterFragment = false;
    if (protocol === "ip") {
      isLaterFragment = Number(this.#value("ip.frag_offset", occurrence)) !== 0;
      isFragment = isLaterFragment || this.#value("ip.flags.mf", occurrence) === "1";
    }
    for (at++; IP_EXTENSIONS.has(this.#protocols[at]!); at++) {
      if (this.#protocols[at] !== "ipv6.fraghdr") continue;
      const fragment = this.#pass("ipv6.fraghdr");
      isLaterFragment = Number(this.#value("ipv6.fraghdr.offset", fragment)) !== 0;
      isFragment = isLaterFragment || this.#value("ipv6.fraghdr.more", fragment) === "1";
    }
    const next = this.#protocols[at] ?? "";
    const ipVersion = protocol === "ip" ? 4 : 6;
    const networkValue = (field: TsharkField) => this.#value(field, occurrence);
    const bare = { ...this.#packet(tunnels), ipVersion, source, destination, networkValue };
    if (this.#isAssembled) isFragment = isLaterFragment = false;
    const outer = TRANSPORTS.has(next) && !isLaterFragment ? this.#withTransport(bare, next) : bare;
    if (isFragment) return outer;
    if (next === "ip" || next === "ipv6") {
      return this.#ipPacketAt(at, [...tunnels, { protocol: "ip", id: undefined, source, destination }]) ?? outer;
    }
    const tunnelAt = next === "udp" ? at + 1 : at;
    const tunnel = this.#protocols[tunnelAt] ?? "";
    if (next === "udp" && this.#isUnnamedVxlan(tunnel)) {
      return this.#packetAt(tunnelAt, [...tunnels, this.#tunnel("vxlan", source, destination)]) ?? outer;
    }
    if (!TUNNELS.has(tunnel) && !LABEL_TUNNELS.has(tunnel) && tunnel !== "eth") return outer;
    return this.#insideTunnel(tunnelAt, [...tunnels, this.#tunnel(tunnel, source, destination)]) ?? outer;
  }

  /** tshark leaves VXLAN's generic protocol extension out of the chain. */
  #isUnnamedVxlan(next: string): boolean {
    const isCarried = next === "ip" || next === "ipv6" || next === "eth" || next === "nsh";
    return isCarried && this.#value("vxlan.vni", this.#passed.get("vxlan") ?? 0) !== undefined;
  }

  /** What the tunnel at `at` carries, or undefined if that is neither IP nor a frame nor an address resolution. */
  #insideTunnel(at: number, tunnels: readonly TsharkTunnel[]): TsharkInnermost | undefined {
    // ERSPAN is one tunnel with the GRE around it.
    if (this.#protocols[at] === "gre" && this.#protocols[at + 1] === "erspan") {
      const { source, destination } = tunnels.at(-1)!;
      return this.#insideTunnel(at + 1, [...tunnels.slice(0, -1), this.#tunnel("erspan", source, destination)]);
    }
    const first = this.#protocols[at] === "eth" ? at : at + 1;
    const inside = this.#packetAt(first, tunnels);
    if (inside === undefined) return undefined;
    const frame = this.#protocols.slice(first).find((protocol) => protocol === "eth" || !LINK_LAYERS.has(protocol));
    const isCarried = frame === "eth" || frame === "arp";
    return inside.ipVersion !== 0 || inside.tunnels.length > tunnels.length || isCarried ? inside : undefined;
  }

  #takeTag(protocol: string, depth: number): void {
    if (this.#vlanIds.length > 0 && depth !== this.#taggedDepth) return;
    this.#taggedDepth = depth;
    const occurrence = this.#pass(protocol);
    const id =
      protocol === "vlan"
        ? this.#value("vlan.id", occurrence)
        : // tshark shows the first of two such tags under another name.
          [...this.#frame["ieee8021ad.svid"], ...this.#frame["ieee8021ad.id"]][occurrence];
    this.#vlanIds.push(id ?? "");
  }

  #packet(tunnels: readonly TsharkTunnel[]): TsharkInnermost {
    return {
      tunnels,
      vlanIds: this.#vlanIds,
      ipVersion: 0,
      source: undefined,
      destination: undefined,
      transport: undefined,
      networkValue: () => undefined,
      transportValue: () => undefined,
    };
  }

  #withTransport(bare: TsharkInnermost, transport: string): TsharkInnermost {
    const occurrence = this.#pass(transport);
    return { ...bare, transport, transportValue: (field) => this.#value(field, occurrence) };
  }

  #tunnel(protocol: string, source: string | undefined, destination: string | undefined): TsharkTunnel {
    const occurrence = this.#pass(protocol);
    return { protocol, id: this.#tunnelId(protocol, occurrence), source, destination };
  }

  #tunnelId(protocol: string, occurrence: number): number | undefined {
    switch (protocol) {
      case "gre":
        return this.#number("gre.key.call_id", occurrence) ?? this.#number("gre.key", occurrence);
      case "erspan":
        return this.#number("erspan.spanid", occurrence);
      case "vxlan":
        return this.#number("vxlan.vni", occurrence);
      case "geneve":
        return this.#number("geneve.vni", occurrence);
      case "gtp":
        return this.#number("gtp.teid", occurrence);
      case "ieee8021ah":
        return this.#number("ieee8021ah.isid", occurrence);
      case "pppoes":
        return this.#number("pppoe.session_id", occurrence);
      case "mpls":
        return this.#bottomLabel(occurrence);
      case "l2tp": {
        const tunnel = this.#number("l2tp.tunnel", occurrence);
        const session = this.#number("l2tp.session", occurrence);
        return tunnel === undefined ? this.#number("l2tp.sid", occurrence) : tunnel * 65536 + session!;
      }
      default:
        return undefined;
    }
  }

  /** The last label of a stack; the bottom bit ends each of them. */
  #bottomLabel(occurrence: number): number | undefined {
    const ends = this.#frame["mpls.bottom"].flatMap((bottom, i) => (bottom === "1" ? [i] : []));
    const end = ends[occurrence];
    return end === undefined ? undefined : this.#number("mpls.label", end);
  }

  #pass(protocol: string): number {
    const occurrence = this.#passed.get(protocol) ?? 0;
    this.#passed.set(protocol, occurrence + 1);
    return occurrence;
  }

  #number(field: TsharkField, occurrence: number): number | undefined {
    const value = this.#value(field, occurrence);
    return value === undefined ? undefined : Number(value);
  }

  #value(field: TsharkField, occurrence: number): string | undefined {
    return this.#frame[field]?.[occurrence];
  }
}
