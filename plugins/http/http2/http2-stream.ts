import { State } from "../../../generated/http/http_enums.js";
import type { HttpRecord } from "../../../generated/http/record.js";

/** One stream whose row is not made yet (RFC 9113, section 5); the row so far is an open request under {@link Http2Stream.key}. */
export class Http2Stream {
  readonly id: number;
  /** The request came in HTTP/1 (RFC 7540, section 3.2), so that its row has what is known of its body. */
  isUpgraded = false;
  /** Bytes of the request's DATA frames so far, without padding. */
  requestBytes = 0;
  /** Of those, bytes that were not captured. */
  requestMissedBytes = 0;
  /** Content-Length, -1 for none. */
  requestLength = -1;
  isRequestEnded = false;
  /** Frames of the request may be lost. */
  isRequestBroken = false;
  /** The header of the final response was read. */
  isAnswered = false;
  /** Bytes of the response's DATA frames so far, without padding. */
  responseBytes = 0;
  /** Of those, bytes that were not captured. */
  responseMissedBytes = 0;
  /** Content-Length, -1 for none. */
  responseLength = -1;
  isResponseEnded = false;
  isResponseBroken = false;
  /** Frames are not in the order, or bodies not of the length, that they have to be. */
  isMalformed = false;

  constructor(id: number) {
    this.id = id;
  }

  /** Key of the open request. Never equal to the key of an HTTP/1 request. */
  get key(): number {
    return requestKeyOfStream(this.id);
  }

  /** Bytes of a body came, padding not counted. */
  addData(isFromServer: boolean, lengthBytes: number): void {
    if (isFromServer) this.responseBytes += lengthBytes;
    else this.requestBytes += lengthBytes;
  }

  /** Of those bytes, some were not captured. */
  addMissed(isFromServer: boolean, lengthBytes: number): void {
    if (isFromServer) this.responseMissedBytes += lengthBytes;
    else this.requestMissedBytes += lengthBytes;
  }

  /** A frame with END_STREAM came. */
  endMessage(isFromServer: boolean): void {
    if (isFromServer) this.isResponseEnded = true;
    else this.isRequestEnded = true;
  }

  /** Frames of a side may be lost. */
  breakMessage(isFromServer: boolean): void {
    if (!isFromServer) this.isRequestBroken ||= !this.isRequestEnded;
    else if (!this.isResponseEnded) this.isResponseBroken = true;
  }

  /** Writes what the row has beyond the headers; `isBodiless` where the response has no body, whatever its length says. */
  write(record: HttpRecord, isBodiless: boolean): void {
    if (!this.isUpgraded) {
      if (this.isRequestEnded && !this.isRequestBroken) {
        record.requestBodyBytes = this.requestBytes;
        if (this.requestLength >= 0 && this.requestLength !== this.requestBytes) record.malformed = true;
      }
      if (this.requestMissedBytes > 0) record.requestBodyMissedBytes = this.requestMissedBytes;
    }
    if (this.isMalformed) record.malformed = true;
    const hasResponse = this.isAnswered || this.isResponseEnded || this.responseBytes > 0;
    if (!hasResponse) return;
    if (!this.isAnswered && record.state === State.UNANSWERED) record.state = State.COMPLETE;
    record.responseBodyBytes = this.responseBytes;
    if (this.responseMissedBytes > 0) record.responseBodyMissedBytes = this.responseMissedBytes;
    const isWhole = this.isAnswered && this.isResponseEnded && !this.isResponseBroken;
    if (!isWhole) record.incomplete = true;
    else if (!isBodiless && this.responseLength >= 0 && this.responseLength !== this.responseBytes) {
      record.malformed = true;
    }
  }
}

/** Key of the open request on a stream. Never equal to the key of an HTTP/1 request. */
export function requestKeyOfStream(streamId: number): number {
  return (streamId | 0x80000000) >>> 0;
}
