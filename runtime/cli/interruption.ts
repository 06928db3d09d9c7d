import { constants } from "node:os";

/** A signal of the operating system that ends a command; the reason of the commands' `AbortSignal`. */
export class Interruption extends Error {
  readonly signalName: "SIGHUP" | "SIGINT" | "SIGTERM";
  override readonly name = "Interruption";

  constructor(signalName: "SIGHUP" | "SIGINT" | "SIGTERM") {
    super(`ended by ${signalName}`);
    this.signalName = signalName;
  }

  /** Exit code that shells use for a command that was ended by a signal. */
  get exitCode(): number {
    return 128 + constants.signals[this.signalName];
  }
}
