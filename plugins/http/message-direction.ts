import { MessageBody } from "./message-body.js";

/** What comes next in one direction of a connection. */
export const MessagePhase = { Header: 0, Body: 1, Lost: 2 } as const;

/** Where one direction of a connection is. */
export class MessageDirection {
  phase: number = MessagePhase.Header;
  /** Bytes of the header that comes next in which its end was looked for without success. */
  scanned = 0;
  /** A line of that header ended with a segment: whether it is all of a request is decided. */
  hasStartLine = false;
  /** Number of the request that the current message is or answers. */
  number = 0;
  /** The row of the current message has its body's length already. */
  isReported = false;
  /** The current body may be omitted: its client waited for 100 and got a final response. */
  mayOmitBody = false;
  /** The current body may not be there: its response answers a request that is not known, maybe HEAD. */
  mayBeBodiless = false;
  readonly body = new MessageBody();

  /** Nothing of the body of the request with this number was sent so far. */
  waitsWithBody(number: number): boolean {
    return this.phase === MessagePhase.Body && this.number === number && this.body.isUntouched;
  }

  get isLost(): boolean {
    return this.phase === MessagePhase.Lost;
  }

  /** Where the next message begins is not known. */
  lose(): void {
    this.phase = MessagePhase.Lost;
    this.scanned = 0;
    this.hasStartLine = false;
  }

  /** A message without a body was read. */
  beginNothing(): void {
    this.phase = MessagePhase.Header;
    this.isReported = true;
  }
}
