import { all, hasField, inNoRow, isCut, isRefused } from "../../../test/conformance/conditions.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { hasValue } from "../../../test/conformance/tshark-frame.js";

/** Known differences of NTP. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "ntp/control-and-private",
    fields: [
      "leap = ntp.flags.li",
      "stratum = ntp.stratum",
      "poll = ntp.ppoll",
      "precision = ntp.precision",
      "root_delay = ntp.rootdelay",
      "root_dispersion = ntp.rootdispersion",
      "reference_id = ntp.refid",
    ],
    reason:
      "Control and private messages (modes 6 and 7) have another header, of which the row has version and mode; its other numbers are 0.",
    explains: ({ ours, evidence }) =>
      (ours === "0" || ours === "") && hasValue(evidence.frame, "ntp.flags.mode", "6", "7"),
  },
  {
    id: "ntp/cut",
    fields: ["row"],
    reason: "The capture cut the message in the NTP header; it is counted as truncated.",
    explains: all(inNoRow, isCut, isRefused),
  },
  {
    id: "ntp/overlapping-fragments",
    fields: ["row"],
    reason: "Fragments that overlap and contradict each other are not put together; tshark takes the first bytes.",
    explains: all(inNoRow, hasField("ip.fragment.overlap.conflict")),
  },
];
