import type { HttpRecord } from "../../generated/http/record.js";
import type { Output } from "../../runtime/plugin/index.js";
import { type MessageDirection, MessagePhase } from "./message-direction.js";

/** Adds to the rows of one connection what becomes known of bodies after their headers. */
export class BodyRows {
  readonly #out: Output<HttpRecord>;
  /** The direction of requests. */
  readonly #client: MessageDirection;

  constructor(out: Output<HttpRecord>, client: MessageDirection) {
    this.#out = out;
    this.#client = client;
  }

  /** The body of a message is complete, or broken. */
  end(direction: MessageDirection): void {
    const { body, isReported, number } = direction;
    direction.phase = body.isMalformed ? MessagePhase.Lost : MessagePhase.Header;
    if (!isReported) this.#report(direction, number, false);
  }

  /** Adds bytes of a body that were not captured to the row that waits for its end. */
  addMissed(direction: MessageDirection, lengthBytes: number): void {
    const out = this.#out;
    const { number, isReported } = direction;
    if (isReported || !out.resume(number)) return;
    const { record } = out;
    if (direction === this.#client) {
      record.requestBodyMissedBytes = Number(record.requestBodyMissedBytes ?? 0) + lengthBytes;
    } else record.responseBodyMissedBytes = Number(record.responseBodyMissedBytes ?? 0) + lengthBytes;
    out.hold(number);
  }

  /** `lengthBytes` of the connection from within a body on are missing; false if they may go beyond it, which breaks it. */
  lose(direction: MessageDirection, lengthBytes: number): boolean {
    if (!direction.body.lose(lengthBytes)) {
      this.break(direction);
      return false;
    }
    this.addMissed(direction, lengthBytes);
    if (direction.body.isComplete) this.end(direction);
    return true;
  }

  /** The rest of a message's body does not come. */
  break(direction: MessageDirection): void {
    direction.phase = MessagePhase.Header;
    if (!direction.isReported) this.#report(direction, direction.number, true);
  }

  /** Adds to a row what became known with the end of a body: to one that waits for its response, or that is complete now. */
  #report(direction: MessageDirection, number: number, isIncomplete: boolean): void {
    const out = this.#out;
    if (!out.resume(number)) return;
    const { record } = out;
    const { lengthBytes, isMalformed } = direction.body;
    if (direction === this.#client) {
      if (!isIncomplete) record.requestBodyBytes = lengthBytes;
      out.hold(number);
      return;
    }
    record.responseBodyBytes = lengthBytes;
    if (isIncomplete) record.incomplete = true;
    if (isMalformed) record.malformed = true;
    out.emit();
  }
}
