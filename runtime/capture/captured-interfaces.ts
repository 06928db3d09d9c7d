import type { CaptureInterface } from "../packet/packet-block.js";
import { linkTypeOf } from "./list-interfaces.js";

/** Batches number interfaces with 16 bits. */
const MAX_INTERFACES = 65536;
/** Link type of frames that are not decoded; they are counted. */
const UNKNOWN_LINK_TYPE = 0xffff;

/** Interfaces of a live source: one number for each name and link type, in the order in which their packets arrived. */
export class CapturedInterfaces {
  readonly list: CaptureInterface[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #byKernelIndex = new Map<number, number>();
  readonly #nameOf: (kernelIndex: number) => string | undefined;

  /** `nameOf` returns the name of an interface by the kernel's index. */
  constructor(nameOf: (kernelIndex: number) => string | undefined) {
    this.#nameOf = nameOf;
  }

  /** The number of an interface by its name. */
  add(name: string, linkType: number): number {
    const key = `${linkType} ${name}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      if (this.list.length === MAX_INTERFACES) return 0;
      number = this.list.push({ name, linkType }) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** The number of the interface with the kernel's index and the hardware type `hardwareType`. */
  numberOf(kernelIndex: number, hardwareType: number): number {
    let number = this.#byKernelIndex.get(kernelIndex);
    if (number === undefined) {
      const name = this.#nameOf(kernelIndex) ?? `if${kernelIndex}`;
      number = this.add(name, linkTypeOf(hardwareType) ?? UNKNOWN_LINK_TYPE);
      this.#byKernelIndex.set(kernelIndex, number);
    }
    return number;
  }

  /** Discards the cached names, because interfaces are renamed, deleted and created. */
  forgetIndexes(): void {
    this.#byKernelIndex.clear();
  }
}
