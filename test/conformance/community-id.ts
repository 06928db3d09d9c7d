import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import type { TsharkFrame as LayerFrame, TsharkField } from "./layers/tshark-frame.js";
import { findInnermost, type TsharkInnermost } from "./layers/tshark-innermost.js";
import type { TsharkFrame } from "./tshark-frame.js";

/** A conversation as the Community ID is computed of it; for ICMP the ports are type and code. */
export interface Tuple {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** Absent for a protocol without ports. */
  readonly ports?: readonly [number, number];
}

/** Types that ask and answer, by protocol (specification, section "Technical details"). */
const COUNTERPARTS: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [
    [8, 0],
    [9, 10],
    [13, 14],
    [15, 16],
    [17, 18],
  ],
  58: [
    [128, 129],
    [130, 131],
    [133, 134],
    [135, 136],
    [139, 140],
    [144, 145],
  ],
};

/** The Community ID, version 1, as https://github.com/corelight/community-id-spec has it: base64 of SHA-1 over the ordered tuple. */
export function communityIdOf({ protocol, source, destination, ports }: Tuple, seed = 0): string {
  const [from, to] = [source, destination].map((address) => Buffer.from(ipaddr.parse(address).toByteArray()));
  const { near, far, isOneWay } = endsOf(protocol, ports);
  const isOrdered = isOneWay || isBefore(from!, to!, near, far);
  const head = Buffer.from([seed >> 8, seed & 0xff]);
  const tail = ports === undefined ? [] : isOrdered ? [near, far] : [far, near];
  const hash = createHash("sha1")
    .update(Buffer.concat([head, ...(isOrdered ? [from!, to!] : [to!, from!]), Buffer.from([protocol, 0])]))
    .update(Buffer.from(tail.flatMap((port) => [port >> 8, port & 0xff])));
  return `1:${hash.digest("base64")}`;
}

function endsOf(protocol: number, ports: Tuple["ports"]): { near: number; far: number; isOneWay: boolean } {
  const [near, far] = ports ?? [0, 0];
  const pairs = COUNTERPARTS[protocol];
  if (pairs === undefined) return { near, far, isOneWay: false };
  const pair = pairs.find((each) => each.includes(near));
  if (pair === undefined) return { near, far, isOneWay: true };
  return { near, far: pair[0] === near ? pair[1] : pair[0], isOneWay: false };
}

function isBefore(from: Buffer, to: Buffer, near: number, far: number): boolean {
  const order = Buffer.compare(from, to);
  return order < 0 || (order === 0 && near < far);
}

const NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, icmp: 1, icmpv6: 58 };
/** Fields of IPv6 that have the number of what follows. */
const NEXT_HEADERS = [
  ...["ipv6.nxt", "ipv6.hopopts.nxt", "ipv6.routing.nxt", "ipv6.dstopts.nxt", "ipv6.fraghdr.nxt"],
  ...["ah.next_header", "mip6.proto", "hip.proto", "shim6.nxt"],
];

/** Fields that {@link readCommunityIds} reads besides those of the layers. */
export const COMMUNITY_ID_FIELDS = ["ip.proto", ...NEXT_HEADERS];

/**
 * The Community IDs that the innermost packet of a frame may have, by itself and with fragments reassembled: one each where tshark shows its
 * protocol.
 */
export function readCommunityIds(frame: TsharkFrame | undefined, row: RowObject | undefined): string[] {
  if (frame?.["frame.protocols"] === undefined || frame["frame.protocols"].length === 0) return [];
  return [false, true].flatMap((isAssembled) =>
    idsOf(findInnermost(frame as unknown as LayerFrame, isAssembled), frame, row),
  );
}

function idsOf(
  { source, destination, transport, transportValue }: TsharkInnermost,
  frame: TsharkFrame,
  row: RowObject | undefined,
): string[] {
  if (source === undefined || destination === undefined) return [];
  const protocol = NUMBERS[transport ?? ""];
  const rowPorts = [Number(row?.["src_port"] ?? 0), Number(row?.["dst_port"] ?? 0)] as const;
  if (protocol !== undefined) {
    const names = transport!.startsWith("icmp") ? ["type", "code"] : ["srcport", "dstport"];
    const [near, far] = names.map((name) => transportValue(`${transport}.${name}` as TsharkField));
    // Of a header that is truncated tshark shows nothing.
    const ports = near === undefined ? rowPorts : ([Number(near), Number(far ?? 0)] as const);
    return [communityIdOf({ protocol, source, destination, ports })];
  }
  const numbers = [...(frame["ip.proto"] ?? []), ...NEXT_HEADERS.flatMap((field) => frame[field] ?? [])].map(Number);
  return [...new Set(numbers)].map((number) => {
    // The ports of a later fragment are not known.
    const hasPorts = Object.values(NUMBERS).includes(number) && rowPorts.some((port) => port !== 0);
    return communityIdOf({ protocol: number, source, destination, ...(hasPorts && { ports: rowPorts }) });
  });
}
