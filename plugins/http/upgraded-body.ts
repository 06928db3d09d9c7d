import type { StreamSegment } from "../../runtime/plugin/index.js";
import type { BodyRows } from "./body-rows.js";
import { CLIENT_PREFACE, mayBePreface } from "./http2/frame.js";
import { type MessageDirection, MessagePhase } from "./message-direction.js";

/** The rest of a request's body that the client sends in HTTP/1.1 after the switch to HTTP/2 (RFC 7540, section 3.2). */
export class UpgradedBody {
  readonly #client: MessageDirection;
  readonly #bodies: BodyRows;

  constructor(client: MessageDirection, bodies: BodyRows) {
    this.#client = client;
    this.#bodies = bodies;
  }

  /** What comes next is HTTP/2. */
  get isOver(): boolean {
    return this.#client.phase !== MessagePhase.Body;
  }

  /** Takes what comes next, and returns how many of the bytes belong to the body or are skipped, as `decode` of a decoder does. */
  read({ bytes, start, end }: StreamSegment): number {
    const client = this.#client;
    if (client.mayOmitBody && mayBePreface(bytes, start, end)) {
      if (end - start >= CLIENT_PREFACE.length) client.phase = MessagePhase.Header;
      return 0;
    }
    client.mayOmitBody = false;
    const at = client.body.read(bytes, start, end);
    if (client.body.isComplete) this.#bodies.end(client);
    return at - start;
  }

  /** `lengthBytes` are missing; false if they may go beyond the body. */
  lose(lengthBytes: number): boolean {
    return this.#bodies.lose(this.#client, lengthBytes);
  }

  /** `lengthBytes` of what was skipped were not captured. */
  missed(lengthBytes: number): void {
    this.#bodies.addMissed(this.#client, lengthBytes);
  }
}
