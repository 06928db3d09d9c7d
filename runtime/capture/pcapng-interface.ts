import type { CaptureInterface } from "../packet/packet-block.js";
import { PcapngOption, visitPcapngOptions } from "./pcapng-options.js";
import { TimeResolution } from "./time-resolution.js";

const MICROSECONDS = 6;

/** An interface as its description block states. */
export interface PcapngInterface extends CaptureInterface {
  /** Maximum number of captured bytes of a packet; 0 without a limit. */
  readonly snapLength: number;
  readonly time: TimeResolution;
  /** Packets lost at this interface, as its latest statistics block states. */
  dropped: number;
}

/** Reads the body of an interface description block, `view[start, end)`, of at least 8 bytes. */
export function readPcapngInterface(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
  fallbackName: string,
): PcapngInterface {
  let name = fallbackName;
  let resolution = MICROSECONDS;
  let offsetSeconds = 0n;
  visitPcapngOptions(view, start + 8, end, littleEndian, (code, at, length) => {
    if (code === PcapngOption.InterfaceName && length > 0) name = readText(view, at, length);
    else if (code === PcapngOption.InterfaceTimeResolution && length === 1) resolution = view.getUint8(at);
    else if (code === PcapngOption.InterfaceTimeOffset && length === 8)
      offsetSeconds = view.getBigInt64(at, littleEndian);
  });
  return {
    name,
    linkType: view.getUint16(start, littleEndian),
    snapLength: view.getUint32(start + 4, littleEndian),
    time: new TimeResolution(resolution, offsetSeconds),
    dropped: 0,
  };
}

/** Number of packets dropped by the interface and the system, from the options of a statistics block; undefined without them. */
export function readPcapngDrops(view: DataView, start: number, end: number, littleEndian: boolean): number | undefined {
  let dropped: number | undefined;
  visitPcapngOptions(view, start, end, littleEndian, (code, at, length) => {
    if (length !== 8) return;
    if (code !== PcapngOption.StatisticsInterfaceDropped && code !== PcapngOption.StatisticsSystemDropped) return;
    dropped = (dropped ?? 0) + Number(view.getBigUint64(at, littleEndian));
  });
  return dropped;
}

/** UTF-8 text, without the terminating zero that some writers add. */
function readText(view: DataView, start: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + start, length)
    .toString("utf8")
    .replace(/\0+$/, "");
}
