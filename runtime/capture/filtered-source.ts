import type { CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import { WireloomError } from "../wireloom-error.js";
import { MAX_PACKET_BYTES } from "./block-buffer.js";
import { compileFilter } from "./bpf-filter.js";
import type { BpfProgram } from "./bpf-program.js";
import { expressionFor, type PacketFilter } from "./packet-filter.js";
import type { PacketSource, SourceProgress } from "./packet-source.js";
import { runFilter } from "./run-filter.js";

/**
 * The packets of a capture file that match a filter; `frameNumbers` are those of the file.
 * Throws as {@link compileFilter} does; `read` does too if a later interface has a link type for which its expression
 * is not valid. `read` may return an empty block if no packet matched. Closing it closes `source`.
 */
export function filteredSource(
  source: PacketSource & SourceProgress,
  filter: PacketFilter,
): PacketSource & SourceProgress {
  return new FilteredSource(source, filter);
}

class FilteredSource implements PacketSource, SourceProgress {
  readonly #source: PacketSource & SourceProgress;
  readonly #filter: PacketFilter;
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  /** By interface index. */
  readonly #programs: BpfProgram[] = [];

  constructor(source: PacketSource & SourceProgress, filter: PacketFilter) {
    this.#source = source;
    this.#filter = filter;
    this.#compileForNewInterfaces();
  }

  get name(): string {
    return this.#source.name;
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#source.interfaces;
  }

  get problem(): Error | undefined {
    return this.#source.problem;
  }

  get bytesRead(): number {
    return this.#source.bytesRead;
  }

  get bytesTotal(): number {
    return this.#source.bytesTotal;
  }

  async read(signal: AbortSignal): Promise<PacketBlock | null> {
    const block = await this.#source.read(signal);
    if (block !== null) {
      this.#compileForNewInterfaces();
      this.#compact(block);
    }
    this.counters.dropped = this.#source.counters.dropped;
    return block;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  #compileForNewInterfaces(): void {
    const { interfaces } = this.#source;
    for (let i = this.#programs.length; i < interfaces.length; i++) {
      const { linkType } = interfaces[i]!;
      const known = this.#programs.find((program) => program.linkType === linkType);
      this.#programs.push(known ?? this.#compile(linkType));
    }
  }

  #compile(linkType: number): BpfProgram {
    try {
      return compileFilter(expressionFor(this.#filter, linkType), linkType, MAX_PACKET_BYTES);
    } catch (cause) {
      if (!(cause instanceof WireloomError) || cause.code !== "invalid_filter") throw cause;
      throw new WireloomError("invalid_filter", `${this.name}: ${cause.message}`, { cause });
    }
  }

  /** Moves the columns of matching packets to the front; the bytes are not moved. */
  #compact(block: PacketBlock): void {
    let kept = 0;
    for (let i = 0; i < block.count; i++) {
      const start = block.offsets[i]!;
      const length = block.capturedLengths[i]!;
      const program = this.#programs[block.interfaceIndexes[i]!]!;
      if (runFilter(program, block.bytes, start, start + length, block.originalLengths[i]!) === 0) continue;
      if (kept !== i) block.movePacket(i, kept);
      kept++;
      this.counters.bytes += length;
    }
    block.count = kept;
    this.counters.packets += kept;
  }
}
