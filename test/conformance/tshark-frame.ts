/** Values of one frame by field, in their order; an asked field that the frame lacks is an empty list. */
export type TsharkFrame = Readonly<Record<string, readonly string[]>>;

/** Whether a frame has one of the fields; a protocol's name is a field that frames with it have. */
export function has(frame: TsharkFrame | undefined, ...fields: readonly string[]): boolean {
  return fields.some((field) => (frame?.[field]?.length ?? 0) > 0);
}

/** Whether one of a field's values is one of `values`. */
export function hasValue(frame: TsharkFrame | undefined, field: string, ...values: readonly string[]): boolean {
  return frame?.[field]?.some((value) => values.includes(value)) ?? false;
}

/** When a frame was captured, in nanoseconds; 0 for a time that tshark does not show as seconds with nine decimals. */
export function captureTime(frame: TsharkFrame): bigint {
  const text = frame["frame.time_epoch"]?.[0] ?? "";
  return /^\d+\.\d{9}$/.test(text) ? BigInt(text.replace(".", "")) : 0n;
}
