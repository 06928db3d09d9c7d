import type { CaptureInterface } from "../packet/packet-batch.js";
import { WireloomError } from "../wireloom-error.js";
import { compileKernelFilter } from "./bpf-filter.js";
import { BpfProgram } from "./bpf-program.js";
import { linkTypeOf, listInterfaces, readInterfaceState, readLinkType } from "./list-interfaces.js";
import { compileForEveryLink, filterInterfaces, MAX_FILTERED_INTERFACES } from "./live-filter.js";
import { expressionFor, type PacketFilter } from "./packet-filter.js";
import type { PacketRing, PacketRingOptions } from "./packet-ring.js";

/** Name that stands for every interface. */
const ANY = "any";
const EVERY_INDEX = 0;
/** An index that no interface has: binding to it fails. */
const NO_INDEX = -1;

/**
 * What a packet socket is bound to and filters by. One interface is bound to; several are bound to as every one, and the filter, which the
 * kernel runs, leaves the others out. Throws `interface_not_found`, `invalid_filter` and `usage`.
 */
export class LiveTarget {
  /** True where packets of every interface are taken. */
  readonly isAny: boolean;
  /** The interfaces that were asked for by name. */
  readonly interfaces: readonly CaptureInterface[];
  readonly #single: BpfProgram | undefined;
  readonly #everyLink: Uint8Array | undefined;

  constructor(names: readonly string[], filter: PacketFilter | undefined) {
    this.isAny = names.length === 1 && names[0] === ANY;
    if (names.length > MAX_FILTERED_INTERFACES)
      throw new WireloomError(
        "usage",
        `${names.length} interfaces are named, at most ${MAX_FILTERED_INTERFACES} are taken; use any`,
      );
    this.interfaces = this.isAny ? [] : names.map((name) => ({ name, linkType: readLinkType(name) }));
    const [first] = this.interfaces;
    if (this.interfaces.length === 1 && first !== undefined) {
      const { name, linkType } = first;
      this.#single =
        filter === undefined ? undefined : compileKernelFilter(expressionFor(filter, linkType), name, linkType);
    } else {
      this.#everyLink = compileForEveryLink({ filter, sampleName: filter && sampleName() });
    }
  }

  /** True where packets of more than one interface are taken. */
  get isMixed(): boolean {
    return this.interfaces.length !== 1;
  }

  /** Index to bind to, filter and interfaces of a new socket. */
  socketOptions(): Pick<PacketRingOptions, "interfaceIndex" | "promiscuousIndexes" | "filter"> {
    const indexes = this.interfaces.map(({ name }) => readInterfaceState(name).index).filter((index) => index !== 0);
    return {
      interfaceIndex: this.interfaces.length === 1 ? (indexes[0] ?? NO_INDEX) : EVERY_INDEX,
      promiscuousIndexes: indexes,
      filter: this.#filter(indexes),
    };
  }

  /** Makes the socket follow its interfaces, which have new indexes. */
  follow(ring: PacketRing, indexes: readonly number[]): void {
    const filter = this.#filter(indexes);
    if (this.interfaces.length > 1 && filter !== undefined) ring.attach(filter);
    for (const index of indexes) ring.watch(index);
    if (this.interfaces.length === 1 && indexes[0] !== undefined) ring.bind(indexes[0]);
  }

  #filter(indexes: readonly number[]): BpfProgram | undefined {
    if (this.interfaces.length === 1) return this.#single;
    if (!this.isAny) return filterInterfaces(indexes, this.#everyLink);
    return this.#everyLink && new BpfProgram("", 0, this.#everyLink);
  }
}

/** An Ethernet interface that is up; undefined where there is none. */
function sampleName(): string | undefined {
  return listInterfaces().find((name) => {
    try {
      return readInterfaceState(name).isUp && readLinkType(name) === linkTypeOf(1);
    } catch {
      return false;
    }
  });
}
