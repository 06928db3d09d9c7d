import { describe, expect, it } from "vitest";
import { ConnState } from "../../generated/flow/flow_enums.js";
import { tcpState } from "./connection-state.js";
import { Event } from "./history.js";

const LETTERS = "SHADFRIQ";
const KINDS = [
  Event.Syn,
  Event.SynAck,
  Event.Ack,
  Event.Data,
  Event.Fin,
  Event.Rst,
  Event.Inconsistent,
  Event.MultipleFlags,
];

/** The state of a connection with this history; capitals are of the originator, the lower endpoint. */
function stateOf(history: string): string {
  const events = [...history].map((letter) => {
    const kind = KINDS[LETTERS.indexOf(letter.toUpperCase())]!;
    return kind | (letter === letter.toUpperCase() ? 0 : 16);
  });
  const number = tcpState(Uint8Array.from(events), 0, !/d/i.test(history));
  return Object.entries(ConnState).find(([, value]) => value === number)![0];
}

// Zeek's documentation of conn.log, `conn_state`; histories as its own baselines have them.
describe("the state of a TCP connection", () => {
  it.each([
    ["S0", "S"],
    ["S0", "SA"],
    ["S1", "ShA"],
    ["S1", "ShADad"],
    ["SF", "ShADadFf"],
    ["SF", "ShADadfF"],
    // A FIN and a RST of one side, and the other side's FIN, are a normal end.
    ["SF", "ShADadFRf"],
    ["SF", "ShADadFfR"],
    ["REJ", "Sr"],
    ["REJ", "SRr"],
    ["S2", "ShADadF"],
    ["S3", "ShADadf"],
    ["RSTO", "ShADadR"],
    ["RSTO", "ShR"],
    ["RSTR", "ShADadr"],
    ["RSTR", "Shr"],
    ["RSTOS0", "SR"],
    ["RSTRH", "hr"],
    ["SH", "SF"],
    ["SHR", "hf"],
    ["OTH", "Dd"],
    ["OTH", "DadA"],
    ["OTH", "h"],
    // The SYN-ACK and the ACK show that there was a SYN.
    ["S1", "hAd"],
    ["SF", "hADadFf"],
    ["SF", "hADadSFf"],
    ["S0", "ADS"],
    ["SHR", "Df"],
    // No SYN, or more than data between SYN and RST.
    ["OTH", "DR"],
    ["OTH", "R"],
    ["OTH", "SAR"],
    ["RSTOS0", "SDR"],
    ["RSTOS0", "SdR"],
  ])("%s of %s", (state, history) => expect(stateOf(history)).toBe(state));
});
