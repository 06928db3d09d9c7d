import { State } from "../../generated/http/http_enums.js";
import type { HttpRecord } from "../../generated/http/record.js";
import type { Output, StreamSegment } from "../../runtime/plugin/index.js";
import { ascii, equalsText } from "../../runtime/plugin/index.js";

const CONTINUE = 100;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/** Methods that decide what a response has after its header, in lower case. */
export const Method = { Head: ascii("head"), Connect: ascii("connect") } as const;

/** Whether a request's method is `name`, one of {@link Method}. */
export function isMethod({ method }: HttpRecord, name: Uint8Array): boolean {
  return equalsText(method.bytes, 0, method.length, name);
}

/** The response with `status` to the request in `record` has no body, whatever its fields say (RFC 9112, section 6.3). */
export function hasNoBody(record: HttpRecord, status: number | null): boolean {
  return status === NO_CONTENT || status === NOT_MODIFIED || isMethod(record, Method.Head);
}

/** The client waits for 100 before it sends the body (RFC 9110, section 10.1.1), and was not sent it. */
export function awaitsContinue({ expectsContinue, informationalStatuses }: HttpRecord): boolean {
  if (!expectsContinue) return false;
  const { values, length } = informationalStatuses;
  for (let i = 0; i < length; i++) if (values[i] === CONTINUE) return false;
  return true;
}

/** The header of the final response in `segment` answers the request that the output has resumed. */
export function answerRequest({ record, requestTime }: Output<HttpRecord>, segment: StreamSegment): void {
  record.state = State.COMPLETE;
  const latency = segment.time.nanosecondsSince(requestTime);
  if (latency >= 0) record.latency = latency;
}
