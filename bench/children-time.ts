import { readFileSync } from "node:fs";

/** Ticks a second of the times in `/proc` (sysconf(3), `_SC_CLK_TCK`), which is 100 on every architecture of Linux. */
const TICKS_PER_SECOND = 100;

/**
 * Processor seconds of the children that this process has waited for, theirs included (proc(5), `cutime` and `cstime`); undefined
 * if there is no `/proc`.
 */
export function childrenProcessorSeconds(): number | undefined {
  let text: string;
  try {
    text = readFileSync("/proc/self/stat", "utf8");
  } catch {
    return undefined;
  }
  // The second field is the command's name in parentheses, which may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}
