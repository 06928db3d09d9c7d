import { setImmediate } from "node:timers/promises";
import { BLOCK_CAPACITY, type CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import { Timestamp } from "../record/timestamp.js";
import { CapturedInterfaces } from "./captured-interfaces.js";
import { InterfaceWatch } from "./interface-watch.js";
import { isLoopback } from "./list-interfaces.js";
import { LiveTarget } from "./live-target.js";
import type { PacketFilter } from "./packet-filter.js";
import { PacketRing, RING_BLOCK_BYTES } from "./packet-ring.js";
import type { PacketSource } from "./packet-source.js";

const DEFAULT_RING_MIB = 32;
const IDLE_MS = 100;
const NO_BYTES = new Uint8Array(0);

// Word offsets in a block (struct tpacket_block_desc) and in a packet (struct tpacket3_hdr).
const BLOCK_WORDS = RING_BLOCK_BYTES / 4;
const BLOCK_STATUS = 2;
const BLOCK_PACKETS = 3;
const BLOCK_FIRST_PACKET = 4;
const NEXT_PACKET = 0;
const SECONDS = 1;
const NANOSECONDS = 2;
const CAPTURED_LENGTH = 3;
const ORIGINAL_LENGTH = 4;
const STATUS = 5;
/** Offset of the frame from the header, in the lower half. */
const FRAME_OFFSET = 6;
const VLAN_TCI = 8;
const VLAN_TPID = 9;
// struct sockaddr_ll follows the header's 48 bytes: sll_ifindex is a word, sll_hatype and sll_pkttype are in the two words after it.
const INTERFACE_INDEX = 13;
const HARDWARE_TYPE_BYTE = 56;
const PACKET_TYPE_BYTE = 58;

const UNKNOWN_INDEX = -1;

const STATUS_KERNEL = 0;
const STATUS_USER = 1;
const STATUS_VLAN_VALID = 1 << 4;
const STATUS_VLAN_TPID_VALID = 1 << 6;
const PACKET_OUTGOING = 4;
const TPID_8021Q = 0x8100;

/** Options of a capture on interfaces. */
export interface AfPacketOptions {
  /** One interface or several; `any` alone for all current and future ones of the host. */
  readonly interfaceNames: readonly string[];
  /** A filter that the kernel runs, VLAN tags included. */
  readonly filter?: PacketFilter | undefined;
  /** Memory for waiting packets, in MiB; default 32. */
  readonly ringMiB?: number | undefined;
  /** Called once when an interface goes down and once when it is up again. */
  readonly onState?: (message: string) => void;
}

/**
 * Captures on Linux interfaces through AF_PACKET, in promiscuous mode except for `any`. Batches refer to the kernel's ring in place: one
 * block, or part of one, which is returned to the kernel by the next `read`. If an interface goes down, or is deleted and created again,
 * the capture waits for it.
 * Throws `permission_denied`, `interface_not_found`, `invalid_filter`, `missing_library` and `unavailable`.
 */
export function openAfPacket(options: AfPacketOptions): PacketSource {
  return new AfPacketSource(options);
}

class AfPacketSource implements PacketSource {
  readonly name: string;
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  readonly problem = undefined;
  readonly #ring: PacketRing;
  readonly #target: LiveTarget;
  readonly #watch: InterfaceWatch;
  readonly #captured: CapturedInterfaces;
  readonly #blockCount: number;
  readonly #packets = new PacketBlock();
  readonly #time = new Timestamp();
  #isClosed = false;
  /** The kernel's index of the interface of the last packet, its number in {@link interfaces}, and whether it is a loopback interface. */
  #kernelIndex = UNKNOWN_INDEX;
  #interfaceNumber = 0;
  #skipsOutgoing = false;
  /** The block that is read next, or is being read. */
  #block = 0;
  /** Packets of the current ring block that are not in a packet block yet, and the word offset of the first one. */
  #packetsLeft = 0;
  #packetWord = 0;
  #holdsBlock = false;

  constructor(options: AfPacketOptions) {
    const { interfaceNames, filter, ringMiB = DEFAULT_RING_MIB, onState = () => undefined } = options;
    this.name = interfaceNames.join(", ");
    this.#blockCount = Math.max(2, Math.round((ringMiB * 1024 * 1024) / RING_BLOCK_BYTES));
    this.#target = new LiveTarget(interfaceNames, filter);
    this.#ring = new PacketRing({ name: this.name, blockCount: this.#blockCount, ...this.#target.socketOptions() });
    this.#captured = new CapturedInterfaces((index) => this.#ring.interfaceName(index));
    for (const { name, linkType } of this.#target.interfaces) this.#captured.add(name, linkType);
    this.#watch = new InterfaceWatch(
      this.#target.interfaces.map(({ name }) => name),
      onState,
    );
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#captured.list;
  }

  async read(signal: AbortSignal): Promise<PacketBlock | null> {
    const packets = this.#packets;
    packets.count = 0;
    let hasWaited = false;
    while (!this.#isClosed && !signal.aborted) {
      if (this.#packetsLeft > 0) {
        this.#indexPackets();
        if (packets.count > 0) return packets;
        continue;
      }
      if (this.#holdsBlock) {
        this.#giveBack();
        this.#lookAfterInterfaces();
        // Under load a block is always ready: let timers and sockets run.
        await setImmediate();
      } else if (!this.#takeBlock()) {
        this.counters.dropped += this.#ring.takeDrops();
        if (hasWaited) return packets;
        await this.#ring.wait(IDLE_MS);
        hasWaited = true;
        // The failure is that of an interface that went down; the socket remains usable.
        this.#lookAfterInterfaces(this.#ring.takeFailure() !== undefined);
      }
    }
    return null;
  }

  updateCounters(): void {
    if (!this.#isClosed) this.counters.dropped += this.#ring.takeDrops();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.counters.dropped += this.#ring.takeDrops();
    this.#packets.bytes = NO_BYTES;
    this.#packets.count = 0;
    await this.#ring.close();
  }

  /** Follows interfaces that were created or renamed. */
  #lookAfterInterfaces(isUrgent = false): void {
    if (!this.#watch.check((indexes) => this.#target.follow(this.#ring, indexes), isUrgent)) return;
    this.#captured.forgetIndexes();
    this.#kernelIndex = UNKNOWN_INDEX;
  }

  #takeBlock(): boolean {
    const { words } = this.#ring;
    const blockWord = this.#block * BLOCK_WORDS;
    if ((Atomics.load(words, blockWord + BLOCK_STATUS) & STATUS_USER) === 0) return false;
    this.#holdsBlock = true;
    this.#packetsLeft = words[blockWord + BLOCK_PACKETS]!;
    this.#packetWord = blockWord + words[blockWord + BLOCK_FIRST_PACKET]! / 4;
    return true;
  }

  #giveBack(): void {
    this.counters.dropped += this.#ring.takeDrops();
    Atomics.store(this.#ring.words, this.#block * BLOCK_WORDS + BLOCK_STATUS, STATUS_KERNEL);
    this.#holdsBlock = false;
    this.#block = (this.#block + 1) % this.#blockCount;
  }

  /** Looks up the interface of the packet at `word`, which differs from that of the previous packet. */
  #enterInterface(word: number): void {
    const { bytes, words } = this.#ring;
    const hardwareType = bytes[word * 4 + HARDWARE_TYPE_BYTE]! | (bytes[word * 4 + HARDWARE_TYPE_BYTE + 1]! << 8);
    this.#kernelIndex = words[word + INTERFACE_INDEX]!;
    this.#interfaceNumber = this.#captured.numberOf(this.#kernelIndex, hardwareType);
    this.#skipsOutgoing = isLoopback(hardwareType);
  }

  /** Moves packets of the current ring block into the packet block, as many as fit. */
  #indexPackets(): void {
    const { counters } = this;
    const packets = this.#packets;
    const time = this.#time;
    const { bytes, words } = this.#ring;
    let word = this.#packetWord;
    let left = this.#packetsLeft;
    let count = packets.count;
    const { isMixed } = this.#target;
    let kernelIndex = this.#kernelIndex;
    let interfaceNumber = this.#interfaceNumber;
    let skipsOutgoing = this.#skipsOutgoing;
    for (; left > 0 && count < BLOCK_CAPACITY; left--) {
      // The index is not read if it cannot differ: it may be in a separate cache line.
      if (kernelIndex === UNKNOWN_INDEX || (isMixed && words[word + INTERFACE_INDEX] !== kernelIndex)) {
        this.#enterInterface(word);
        kernelIndex = this.#kernelIndex;
        interfaceNumber = this.#interfaceNumber;
        skipsOutgoing = this.#skipsOutgoing;
      }
      if (!skipsOutgoing || bytes[word * 4 + PACKET_TYPE_BYTE] !== PACKET_OUTGOING) {
        const status = words[word + STATUS]!;
        const capturedLength = words[word + CAPTURED_LENGTH]!;
        time.set(words[word + SECONDS]!, words[word + NANOSECONDS]!);
        packets.offsets[count] = word * 4 + (words[word + FRAME_OFFSET]! & 0xffff);
        packets.capturedLengths[count] = capturedLength;
        packets.originalLengths[count] = words[word + ORIGINAL_LENGTH]!;
        packets.timesHigh[count] = time.high;
        packets.timesLow[count] = time.low;
        packets.interfaceIndexes[count] = interfaceNumber;
        packets.frameNumbers[count] = ++counters.packets;
        packets.vlanTags[count] = (status & STATUS_VLAN_VALID) === 0 ? 0 : vlanTag(words, word, status);
        counters.bytes += capturedLength;
        count++;
      }
      word += words[word + NEXT_PACKET]! / 4;
    }
    packets.bytes = bytes;
    packets.count = count;
    this.#packetWord = word;
    this.#packetsLeft = left;
  }
}

/** Kernels before 3.14 do not report the TPID. */
function vlanTag(words: Uint32Array, word: number, status: number): number {
  const tpid = (status & STATUS_VLAN_TPID_VALID) === 0 ? TPID_8021Q : words[word + VLAN_TPID]! & 0xffff;
  return (tpid << 16) | (words[word + VLAN_TCI]! & 0xffff);
}
