/** Option codes that are read, by block (draft-ietf-opsawg-pcapng). */
export const PcapngOption = {
  InterfaceName: 2,
  InterfaceTimeResolution: 9,
  InterfaceTimeOffset: 14,
  StatisticsInterfaceDropped: 5,
  StatisticsSystemDropped: 7,
} as const;

/** The end of the options, code 0, needs no value; a list that just stops is as good. */
const END_OF_OPTIONS = 0;

/** Hands every option of `view[start, end)` to `visit`; an option that reaches beyond the end is left out, with what follows it. */
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
