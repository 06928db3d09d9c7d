import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import type { CaptureReadings } from "./capture-readings.js";
import type { TsharkConversation } from "./flow/tshark-conversations.js";
import type { TsharkFrame } from "./tshark-frame.js";

/** What is known of the place of a difference besides both values, for the conditions of reasons. */
export interface Evidence {
  readonly readings: CaptureReadings;
  /** The frame as tshark shows it, with what it completes reassembled. */
  readonly frame?: TsharkFrame | undefined;
  /** The row that is compared, or that represents the frame. */
  readonly row?: RowObject | undefined;
  /** The conversation of a flow, and what it is known by on both sides. */
  readonly conversation?: TsharkConversation | undefined;
  readonly key?: string;
}

/** Where tshark and a row disagree. */
export interface Difference {
  readonly capture: string;
  readonly resource: string;
  readonly frame: number;
  /** Column and Wireshark field, such as `rcode = dns.flags.rcode`; `row` for a frame without exactly one row. */
  readonly field: string;
  readonly ours: string;
  readonly tshark: string;
  readonly evidence: Evidence;
}

/** Text of a side without a value. */
export const NOTHING = "nothing";

/** A difference in one line. */
export function describeDifference({ capture, resource, frame, field, ours, tshark, evidence }: Difference): string {
  const protocols = evidence.frame?.["frame.protocols"]?.[0] ?? "";
  return `${capture} frame ${frame}: ${resource} ${field}: ours ${ours}, tshark ${tshark}, in ${protocols}`;
}
