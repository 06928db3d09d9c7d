import { Packet } from "./packet.js";

/** Names of a packet's members. Of `time` and `tunnels`, the contents are copied as well as the reference. */
const MEMBERS = Object.keys(new Packet());
const [BYTES, TIME, TUNNELS] = (["bytes", "time", "tunnels"] satisfies (keyof Packet)[]).map((name) =>
  MEMBERS.indexOf(name),
) as [number, number, number];

/** A copy of what a packet's layers have found, to undo what a decoder from a plugin does to the packet. */
export class PacketState {
  readonly #values: unknown[] = Array(MEMBERS.length).fill(0);
  #timeHigh = 0;
  #timeLow = 0;
  #depth = 0;
  #isTunnelLimitReached = false;

  /** Copies the state of a packet; replaces an earlier copy. */
  save(packet: Packet): void {
    // MEMBERS are names of a packet's members.
    const values = packet as unknown as Record<string, unknown>;
    for (let i = 0; i < MEMBERS.length; i++) this.#values[i] = values[MEMBERS[i]!];
    this.#timeHigh = packet.time.high;
    this.#timeLow = packet.time.low;
    this.#depth = packet.tunnels.depth;
    this.#isTunnelLimitReached = packet.tunnels.isLimitReached;
  }

  /** Whether the packet has the objects that it had when it was copied, of which a decoder may only change the contents. */
  hasSameObjects({ bytes, time, tunnels }: Packet): boolean {
    const values = this.#values;
    return bytes === values[BYTES] && time === values[TIME] && tunnels === values[TUNNELS];
  }

  /** Gives the packet the copied state. */
  restore(packet: Packet): void {
    const values = packet as unknown as Record<string, unknown>;
    for (let i = 0; i < MEMBERS.length; i++) values[MEMBERS[i]!] = this.#values[i];
    packet.time.high = this.#timeHigh;
    packet.time.low = this.#timeLow;
    packet.tunnels.depth = this.#depth;
    packet.tunnels.isLimitReached = this.#isTunnelLimitReached;
  }
}
