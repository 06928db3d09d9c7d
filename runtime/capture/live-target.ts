import type { CaptureInterface } from "../packet/packet-block.js";
import { WireloomError } from "../wireloom-error.js";
import { compileKernelFilter } from "./bpf-filter.js";
import { BpfProgram } from "./bpf-program.js";
import { linkTypeOf, listInterfaces, readInterfaceState, readLinkType } from "./list-interfaces.js";
import { compileForEveryLink, filterInterfaces, MAX_FILTERED_INTERFACES } from "./live-filter.js";
import { expressionFor, type PacketFilter } from "./packet-filter.js";
import type { PacketRing, PacketRingOptions } from "./packet-ring.js";

/** Name of all interfaces together. */
const ANY = "any";
const EVERY_INDEX = 0;
/** An index that is never assigned: binding to it fails. */
const NO_INDEX = -1;

/**
 * Binding and filter of a packet socket. For one interface the socket is bound to it; for several it is bound to all, and the filter, which the
 * kernel runs, excludes the others. Throws `interface_not_found`, `invalid_filter` and `usage`.
 */
export class LiveTarget {
  /** Whether packets of every interface are captured. */
  readonly isAny: boolean;
  /** The interfaces requested by name. */
  readonly interfaces: readonly CaptureInterface[];
  readonly #single: BpfProgram | undefined;
  readonly #everyLink: Uint8Array | undefined;

  constructor(names: readonly string[], filter: PacketFilter | undefined) {
    this.isAny = names.length === 1 && names[0] === ANY;
    if (names.length > MAX_FILTERED_INTERFACES)
      throw new WireloomError(
        "usage",
        `${names.length} interfaces are named; the maximum is ${MAX_FILTERED_INTERFACES}; use any`,
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

  /** Whether packets of more than one interface are captured. */
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

  /** Makes the socket follow its interfaces, whose indexes have changed. */
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

/** An Ethernet interface that is up; undefined if there is none. */
function sampleName(): string | undefined {
  return listInterfaces().find((name) => {
    try {
      return readInterfaceState(name).isUp && readLinkType(name) === linkTypeOf(1);
    } catch {
      return false;
    }
  });
}
