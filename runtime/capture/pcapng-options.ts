/** Option codes that are read, by block (draft-ietf-opsawg-pcapng). */
export const PcapngOption = {
  InterfaceName: 2,
  InterfaceTimeResolution: 9,
  InterfaceTimeOffset: 14,
  StatisticsInterfaceDropped: 5,
  StatisticsSystemDropped: 7,
} as const;

/** The end of the options, code 0, is optional; a list may also end at the end of its block. */
const END_OF_OPTIONS = 0;

/** Calls `visit` with every option of `view[start, end)`; an option that extends beyond the end is ignored, as are the following ones. */
export function visitPcapngOptions(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
  visit: (code: number, valueStart: number, valueLength: number) => void,
): void {
  let at = start;
  while (end - at >= 4) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    at += 4;
    if (code === END_OF_OPTIONS || length > end - at) return;
    visit(code, at, length);
    at += (length + 3) & ~3;
  }
}
