import type { CaptureInterface } from "../capture/packet-source.js";

const encoder = new TextEncoder();

/** What the pipeline keeps of a source's interfaces, by the index that packets have. */
export class KnownInterfaces {
  /** Names in UTF-8. */
  readonly names: Uint8Array[] = [];
  readonly linkTypes: number[] = [];
  readonly #unknown = new Set<number>();

  /** Takes over interfaces that came since the last call. */
  learn(interfaces: readonly CaptureInterface[]): void {
    for (let i = this.names.length; i < interfaces.length; i++) {
      const { name, linkType } = interfaces[i]!;
      this.names.push(encoder.encode(name));
      this.linkTypes.push(linkType);
    }
  }

  /** Notes that no layer knows the link type of an interface that a packet came from. */
  markUnknown(index: number): void {
    this.#unknown.add(index);
  }

  /** The interfaces that are marked as unknown. */
  unknownOf(interfaces: readonly CaptureInterface[]): CaptureInterface[] {
    return interfaces.filter((_, index) => this.#unknown.has(index));
  }

  /** A source of its own begins: interfaces are numbered anew. */
  reset(): void {
    this.names.length = 0;
    this.linkTypes.length = 0;
    this.#unknown.clear();
  }
}
