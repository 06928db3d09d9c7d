import { LinkType } from "../packet/link-type.js";
import type { CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import { WireloomError } from "../wireloom-error.js";
import { interfaceNotFound } from "./list-interfaces.js";
import { PacketCopyRing } from "./packet-copy-ring.js";
import type { PacketFilter } from "./packet-filter.js";
import type { PacketSource, SourceCounters } from "./packet-source.js";

/** Length to which `cap` truncates packets. */
const SNAP_LENGTH_BYTES = 65535;
const KERNEL_BUFFER_BYTES = 128 * 1024 * 1024;
const IDLE_MS = 100;

/** The used part of the `cap` package, which does not include types. */
interface CapModule {
  readonly Cap: {
    new (): CapHandle;
    deviceList(): readonly { readonly name: string }[];
  };
}

interface CapHandle {
  open(device: string, filter: string, bufferSize: number, packet: Buffer): string;
  close(): void;
  setMinBytes?(bytes: number): void;
  on(event: "packet", listener: (lengthBytes: number, isTruncated: boolean) => void): void;
}

/** Link types by their names in `cap`. */
const LINK_TYPES: Partial<Record<string, number>> = {
  NULL: LinkType.Null,
  ETHERNET: LinkType.Ethernet,
  LINKTYPE_LINUX_SLL: LinkType.Sll,
  RAW: LinkType.Raw,
};

/**
 * Buffers to which open captures write packets. The addon stores an unreferenced pointer to its buffer, and the process aborts if the
 * buffer is collected; so they are referenced here until the source is closed.
 */
const heldBuffers = new Map<CapHandle, Buffer>();

/** How to capture with `cap`. */
export interface CapOptions {
  readonly interfaceName: string;
  readonly filter?: PacketFilter | undefined;
}

/**
 * Captures through the optional `cap` package, for systems other than Linux. It does not report a packet's time or original length,
 * nor kernel losses: the time is that of arrival in this process, and `counters.dropped` counts only packets that this process was too slow for.
 * Rejects with `missing_library`, `interface_not_found`, `permission_denied`, `invalid_filter` and `unavailable`.
 */
export async function openCap(options: CapOptions): Promise<PacketSource> {
  const { Cap } = await importCap();
  const { interfaceName, filter = "" } = options;
  if (!Cap.deviceList().some(({ name }) => name === interfaceName)) throw interfaceNotFound(interfaceName);
  const handle = new Cap();
  const buffer = Buffer.alloc(SNAP_LENGTH_BYTES);
  heldBuffers.set(handle, buffer);
  try {
    const expression = typeof filter === "string" ? filter : filter(probeLinkType(new Cap(), interfaceName, buffer));
    const linkName = handle.open(interfaceName, expression, KERNEL_BUFFER_BYTES, buffer);
    handle.setMinBytes?.(0);
    const linkType = LINK_TYPES[linkName];
    if (linkType !== undefined) return new CapSource(interfaceName, linkType, handle, buffer);
    handle.close();
    throw new WireloomError(
      "unavailable",
      `interface ${interfaceName} has a link type that is not decoded: ${linkName}`,
    );
  } catch (error) {
    heldBuffers.delete(handle);
    throw error instanceof WireloomError ? error : openFailure(options, error);
  }
}

/** The link type of an interface, which `cap` reports after opening; -1 if it is not decoded. */
function probeLinkType(handle: CapHandle, interfaceName: string, buffer: Buffer): number {
  const linkName = handle.open(interfaceName, "", KERNEL_BUFFER_BYTES, buffer);
  handle.close();
  return LINK_TYPES[linkName] ?? -1;
}

async function importCap(): Promise<CapModule> {
  const packageName = "cap";
  try {
    const imported: { readonly default: CapModule } = await import(packageName);
    return imported.default;
  } catch (cause) {
    throw new WireloomError(
      "missing_library",
      'this capture needs the package cap, which is not built; install the libpcap headers (Npcap on Windows), then run "npm install cap"',
      { cause },
    );
  }
}

function openFailure({ interfaceName, filter }: CapOptions, cause: unknown): WireloomError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/permission|not permitted/i.test(reason)) {
    return new WireloomError("permission_denied", `capturing on ${interfaceName} is not permitted; run as root`, {
      cause,
    });
  }
  if (filter !== undefined && /filter|syntax|parse/i.test(reason)) {
    const text = typeof filter === "string" ? `"${filter}" ` : "";
    return new WireloomError("invalid_filter", `the filter ${text}is not valid: ${reason}; see man pcap-filter`, {
      cause,
    });
  }
  return new WireloomError("unavailable", `capturing on ${interfaceName} failed: ${reason}`, { cause });
}

class CapSource implements PacketSource {
  readonly name: string;
  readonly #handle: CapHandle;
  readonly interfaces: readonly CaptureInterface[];
  readonly problem = undefined;
  readonly #ring = new PacketCopyRing();
  #isClosed = false;
  #isAnnounced = false;
  #wake: (() => void) | undefined;

  constructor(name: string, linkType: number, handle: CapHandle, buffer: Buffer) {
    this.name = name;
    this.#handle = handle;
    this.interfaces = [{ name, linkType }];
    handle.on("packet", (lengthBytes) => {
      this.#ring.add(buffer, lengthBytes);
      this.#announce();
    });
  }

  get counters(): SourceCounters {
    return this.#ring.counters;
  }

  async read(signal: AbortSignal): Promise<PacketBlock | null> {
    if (this.#ring.isEmpty && !this.#isClosed && !signal.aborted) await this.#arrival();
    return this.#isClosed || signal.aborted ? null : this.#ring.take();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake?.();
    this.#handle.close();
    heldBuffers.delete(this.#handle);
  }

  /**
   * Wakes the reader once for all packets that have arrived, or immediately when they fill a block, because under load the addon
   * reads indefinitely without returning to the event loop.
   */
  #announce(): void {
    if (this.#ring.hasFullBlock) this.#wake?.();
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    setImmediate(() => {
      this.#isAnnounced = false;
      this.#wake?.();
    });
  }

  /** Resolves with the next packets, or without any after a while. */
  async #arrival(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
