import type { CaptureInterface } from "../packet/packet-block.js";

const encoder = new TextEncoder();

/** Maximum number of names: an index has 16 bits. Conversations older than this number of interfaces get the names of later ones. */
const MAX_NAMES = 0x10000;

/** Interfaces of the current source, by the index that packets have, and the names of the interfaces of all sources. */
export class KnownInterfaces {
  /** Names in UTF-8, by {@link nameIndex}: a conversation may end in a later source than the one in which it was seen. */
  readonly names: Uint8Array[] = [];
  /** Interfaces of the current source. */
  readonly linkTypes: number[] = [];
  readonly #unknown = new Set<number>();
  /** Number of interfaces of earlier sources. */
  #earlier = 0;

  /** Adds interfaces that appeared since the last call. */
  learn(interfaces: readonly CaptureInterface[]): void {
    for (let i = this.linkTypes.length; i < interfaces.length; i++) {
      const { name, linkType } = interfaces[i]!;
      this.names[this.nameIndex(i)] = encoder.encode(name);
      this.linkTypes.push(linkType);
    }
  }

  /** Index of the name of an interface of the current source. */
  nameIndex(interfaceIndex: number): number {
    return (this.#earlier + interfaceIndex) % MAX_NAMES;
  }

  /** Marks an interface that a packet came from as having an unknown link type. */
  markUnknown(index: number): void {
    this.#unknown.add(index);
  }

  /** The interfaces that are marked as unknown. */
  unknownOf(interfaces: readonly CaptureInterface[]): CaptureInterface[] {
    return interfaces.filter((_, index) => this.#unknown.has(index));
  }

  /** Begins a new source, whose interfaces are numbered from 0. */
  reset(): void {
    this.#earlier = this.nameIndex(this.linkTypes.length);
    this.linkTypes.length = 0;
    this.#unknown.clear();
  }
}
