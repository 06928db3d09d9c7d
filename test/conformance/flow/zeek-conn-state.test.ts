import { expect, it } from "vitest";
import { zeekConnState } from "./zeek-conn-state.js";

const FLAGS: Readonly<Record<string, number>> = { s: 2, h: 18, a: 16, d: 24, f: 17, r: 4 };

/** The packets of a history as Zeek writes it; capitals are of the originator. */
function packetsOf(history: string) {
  return [...history].map((letter) => ({
    isFromOriginator: letter === letter.toUpperCase(),
    flags: FLAGS[letter.toLowerCase()]!,
    hasData: letter.toLowerCase() === "d",
  }));
}

// Each sentence of Zeek's documentation of conn_state (scripts/base/protocols/conn/main.zeek), as a history.
it.each([
  ["S0", "S"],
  ["S1", "ShADda"],
  ["SF", "ShADdaFf"],
  ["REJ", "Sr"],
  ["S2", "ShADdaF"],
  ["S3", "ShADdaf"],
  ["RSTO", "ShADdaR"],
  ["RSTR", "ShADdar"],
  ["RSTOS0", "SR"],
  ["RSTRH", "hr"],
  ["SH", "SF"],
  ["SHR", "hf"],
  ["OTH", "DaDa"],
  // An endpoint's RST after the FINs of both changes nothing.
  ["SF", "ShADdaFfR"],
  ["OTH", "AR"],
])("%s of %s", (state, history) => expect(zeekConnState(packetsOf(history))).toBe(state));
