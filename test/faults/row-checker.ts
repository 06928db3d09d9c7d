import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CheckReply, CheckRequest } from "./check-rows.js";

const SCRIPT = fileURLToPath(new URL("./check-rows.ts", import.meta.url));

/** Checks rows in another process. */
export class RowChecker {
  readonly #child = fork(SCRIPT, { execArgv: ["--import", import.meta.resolve("tsx")] });
  readonly #waiting = new Map<number, (mistakes: readonly string[]) => void>();
  #count = 0;
  #hasEnded = false;

  constructor() {
    this.#child.on("message", ({ id, mistakes }: CheckReply) => {
      this.#waiting.get(id)?.(mistakes);
      this.#waiting.delete(id);
    });
    this.#child.once("close", (code) => {
      this.#hasEnded = true;
      for (const resolve of this.#waiting.values()) resolve([`the check ended with exit code ${code}`]);
    });
  }

  /** What is wrong with the rows. */
  async check(form: CheckRequest["form"], text: string): Promise<readonly string[]> {
    if (this.#hasEnded) return ["nothing checks rows any more"];
    const id = this.#count++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, form, text } satisfies CheckRequest);
    });
  }

  close(): void {
    this.#child.disconnect();
  }
}
