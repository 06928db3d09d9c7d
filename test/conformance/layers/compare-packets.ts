import type { Agreement } from "../agreement.js";
import type { CaptureReadings } from "../capture-readings.js";
import type { Difference } from "../difference.js";

/** The packets whose layers both sides read otherwise, as differences; `agreement` counts all that were compared. */
export function comparePackets(readings: CaptureReadings, agreement: Agreement): Difference[] {
  const { byFrame, compared } = readings.otherLayers;
  if (compared > 0) agreement.add("packet", compared - byFrame.size, compared);
  return [...byFrame].flatMap(([number, texts]) =>
    texts.map((text) => {
      const [ours, tshark] = text.split(", tshark ") as [string, string];
      const frame = readings.tshark.packets[number - 1];
      const evidence = { readings, frame: frame as Difference["evidence"]["frame"] };
      return { capture: readings.capture, resource: "layers", frame: number, field: "packet", ours, tshark, evidence };
    }),
  );
}
