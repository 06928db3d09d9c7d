/**
 * Initial value of a field that may exceed 31 bits, before its constructor sets it to 0: V8 then represents it as a double from the start.
 * Otherwise V8 would change the shape of the object at the first such value and discard all code compiled for it.
 */
export const DOUBLE: number = Number.NaN;
