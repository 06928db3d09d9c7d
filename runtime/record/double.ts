/**
 * What a field that may exceed 31 bits begins with, before its constructor makes it 0: V8 then represents it as a double from the start. It would
 * otherwise do so when the first such value comes, change the shape of the object, and discard all code compiled for it.
 */
export const DOUBLE: number = Number.NaN;
