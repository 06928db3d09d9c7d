import { setImmediate } from "node:timers/promises";
import { Timestamp } from "../wire/timestamp.js";
import { WireloomError } from "../wireloom-error.js";
import { compileKernelFilter } from "./bpf-filter.js";
import type { BpfProgram } from "./bpf-program.js";
import { isLoopback, readLinkType } from "./list-interfaces.js";
import { PacketRing, RING_BLOCK_BYTES } from "./packet-ring.js";
import { BATCH_CAPACITY, type CaptureInterface, PacketBatch, type PacketSource } from "./packet-source.js";

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
/** Byte offset of sll_pkttype: struct sockaddr_ll follows the header's 48 bytes. */
const PACKET_TYPE_BYTE = 58;

const STATUS_KERNEL = 0;
const STATUS_USER = 1;
const STATUS_VLAN_VALID = 1 << 4;
const STATUS_VLAN_TPID_VALID = 1 << 6;
const PACKET_OUTGOING = 4;
const TPID_8021Q = 0x8100;

/** How to capture on an interface. */
export interface AfPacketOptions {
  readonly interfaceName: string;
  /** Runs in the kernel; a text is compiled for the interface, VLAN tags included. */
  readonly filter?: BpfProgram | string | undefined;
  /** Memory for packets that wait, in MiB; 32 unless given. */
  readonly ringMiB?: number | undefined;
}

/**
 * Captures on a Linux interface through AF_PACKET, in promiscuous mode. Batches show the kernel's ring in place: one block, or
 * part of one, given back with the next `read`. Throws `permission_denied`, `interface_not_found`, `invalid_filter`,
 * `missing_library` and `unavailable`.
 */
export function openAfPacket(options: AfPacketOptions): PacketSource {
  return new AfPacketSource(options);
}

class AfPacketSource implements PacketSource {
  readonly name: string;
  readonly interfaces: readonly CaptureInterface[];
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  problem: WireloomError | undefined;
  private readonly ring: PacketRing;
  private readonly blockCount: number;
  private readonly skipsOutgoing: boolean;
  private readonly batch = new PacketBatch();
  private readonly time = new Timestamp();
  private isClosed = false;
  private failure: string | undefined;
  /** The block that is read next, or that is being read. */
  private block = 0;
  /** Packets of the current block that are not in a batch yet, and the word offset of the first of them. */
  private packetsLeft = 0;
  private packetWord = 0;
  private holdsBlock = false;

  constructor(options: AfPacketOptions) {
    const { interfaceName, filter, ringMiB = DEFAULT_RING_MIB } = options;
    const linkType = readLinkType(interfaceName);
    this.name = interfaceName;
    this.interfaces = [{ name: interfaceName, linkType }];
    this.skipsOutgoing = isLoopback(interfaceName);
    this.blockCount = Math.max(2, Math.round((ringMiB * 1024 * 1024) / RING_BLOCK_BYTES));
    this.ring = new PacketRing({
      interfaceName,
      blockCount: this.blockCount,
      filter: typeof filter === "string" ? compileKernelFilter(filter, interfaceName, linkType) : filter,
    });
  }

  async read(signal: AbortSignal): Promise<PacketBatch | null> {
    const { batch } = this;
    batch.count = 0;
    let hasWaited = false;
    while (!this.isClosed && !signal.aborted) {
      if (this.packetsLeft > 0) {
        this.indexPackets();
        if (batch.count > 0) return batch;
        continue;
      }
      if (this.holdsBlock) {
        this.giveBack();
        // Under load a block is always ready: let timers and sockets have their turn.
        await setImmediate();
      } else if (!this.takeBlock()) {
        this.counters.dropped += this.ring.takeDrops();
        if (hasWaited) return this.whenIdle();
        hasWaited = await this.hasWaited();
      }
    }
    return null;
  }

  updateCounters(): void {
    if (!this.isClosed) this.counters.dropped += this.ring.takeDrops();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.counters.dropped += this.ring.takeDrops();
    this.batch.bytes = NO_BYTES;
    this.batch.count = 0;
    await this.ring.close();
  }

  /** Waits for a block; false when the interface failed just now, since what the kernel holds comes when its block is due. */
  private async hasWaited(): Promise<boolean> {
    await this.ring.wait(IDLE_MS);
    const failure = this.ring.takeFailure();
    this.failure ??= failure;
    return failure === undefined;
  }

  /** An empty batch; null once the interface failed and the ring holds nothing more. */
  private whenIdle(): PacketBatch | null {
    if (this.failure === undefined) return this.batch;
    this.problem = new WireloomError(
      "unavailable",
      `capturing on ${this.name} ended: ${this.failure.toLowerCase()}; bring the interface up and capture again`,
    );
    return null;
  }

  private takeBlock(): boolean {
    const { words } = this.ring;
    const blockWord = this.block * BLOCK_WORDS;
    if ((Atomics.load(words, blockWord + BLOCK_STATUS) & STATUS_USER) === 0) return false;
    this.holdsBlock = true;
    this.packetsLeft = words[blockWord + BLOCK_PACKETS]!;
    this.packetWord = blockWord + words[blockWord + BLOCK_FIRST_PACKET]! / 4;
    return true;
  }

  private giveBack(): void {
    this.counters.dropped += this.ring.takeDrops();
    Atomics.store(this.ring.words, this.block * BLOCK_WORDS + BLOCK_STATUS, STATUS_KERNEL);
    this.holdsBlock = false;
    this.block = (this.block + 1) % this.blockCount;
  }

  /** Moves packets of the current block into the batch, as many as it takes. */
  private indexPackets(): void {
    const { batch, time, counters, skipsOutgoing } = this;
    const { bytes, words } = this.ring;
    let word = this.packetWord;
    let left = this.packetsLeft;
    let count = batch.count;
    for (; left > 0 && count < BATCH_CAPACITY; left--) {
      if (!skipsOutgoing || bytes[word * 4 + PACKET_TYPE_BYTE] !== PACKET_OUTGOING) {
        const status = words[word + STATUS]!;
        const capturedLength = words[word + CAPTURED_LENGTH]!;
        time.set(words[word + SECONDS]!, words[word + NANOSECONDS]!);
        batch.offsets[count] = word * 4 + (words[word + FRAME_OFFSET]! & 0xffff);
        batch.capturedLengths[count] = capturedLength;
        batch.originalLengths[count] = words[word + ORIGINAL_LENGTH]!;
        batch.timesHigh[count] = time.high;
        batch.timesLow[count] = time.low;
        batch.interfaceIndexes[count] = 0;
        batch.frameNumbers[count] = ++counters.packets;
        batch.vlanTags[count] = (status & STATUS_VLAN_VALID) === 0 ? 0 : vlanTag(words, word, status);
        counters.bytes += capturedLength;
        count++;
      }
      word += words[word + NEXT_PACKET]! / 4;
    }
    batch.bytes = bytes;
    batch.count = count;
    this.packetWord = word;
    this.packetsLeft = left;
  }
}

/** Kernels before 3.14 do not tell the TPID. */
function vlanTag(words: Uint32Array, word: number, status: number): number {
  const tpid = (status & STATUS_VLAN_TPID_VALID) === 0 ? TPID_8021Q : words[word + VLAN_TPID]! & 0xffff;
  return (tpid << 16) | (words[word + VLAN_TCI]! & 0xffff);
}
