import type { CaptureInterface } from "../packet/packet-batch.js";

const encoder = new TextEncoder();

/** Names that are kept: an index has 16 bits. Conversations that are older than so many interfaces get the names of later ones. */
const MAX_NAMES = 0x10000;

/** What the pipeline keeps of interfaces: of the present source by the index that packets have, and the names of all sources. */
export class KnownInterfaces {
  /** Names in UTF-8, by {@link nameIndex}: a conversation may end in a later source than the one where it was seen. */
  readonly names: Uint8Array[] = [];
  /** Of the present source. */
  readonly linkTypes: number[] = [];
  readonly #unknown = new Set<number>();
  /** Interfaces of the sources before. */
  #earlier = 0;

  /** Takes over interfaces that came since the last call. */
  learn(interfaces: readonly CaptureInterface[]): void {
    for (let i = this.linkTypes.length; i < interfaces.length; i++) {
      const { name, linkType } = interfaces[i]!;
      this.names[this.nameIndex(i)] = encoder.encode(name);
      this.linkTypes.push(linkType);
    }
  }

  /** Where the name of the present source's interface is. */
  nameIndex(interfaceIndex: number): number {
    return (this.#earlier + interfaceIndex) % MAX_NAMES;
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
    this.#earlier = this.nameIndex(this.linkTypes.length);
    this.linkTypes.length = 0;
    this.#unknown.clear();
  }
}
