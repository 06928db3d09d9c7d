import type { QuicRecord } from "../../generated/quic/record.js";
import { uint16, uint32 } from "../../runtime/plugin/index.js";
import { writeEscaped } from "../tls/library.js";
import { IntegerReader, integerBytes, readExactInteger } from "./variable-integer.js";
import { versionText } from "./versions.js";

/** Numbers of transport parameters (RFC 9000, section 18.2; RFC 9221; RFC 9368), and Google's of its user agent. */
const Parameter = {
  MaxIdleTimeout: 0x01,
  MaxUdpPayloadSize: 0x03,
  InitialMaxData: 0x04,
  InitialMaxStreamDataBidiLocal: 0x05,
  InitialMaxStreamDataBidiRemote: 0x06,
  InitialMaxStreamDataUni: 0x07,
  InitialMaxStreamsBidi: 0x08,
  InitialMaxStreamsUni: 0x09,
  AckDelayExponent: 0x0a,
  MaxAckDelay: 0x0b,
  DisableActiveMigration: 0x0c,
  ActiveConnectionIdLimit: 0x0e,
  VersionInformation: 0x11,
  MaxDatagramFrameSize: 0x20,
  UserAgent: 0x3129,
  VersionInformationDraft: 0xff73db,
} as const;

/**
 * Reads the client's transport parameters `bytes[at, end)` (RFC 9000, section 18). False if they break the format, as a repeated
 * one does (section 7.4); the record then has those before.
 */
export function readTransportParameters(record: QuicRecord, bytes: Uint8Array, at: number, end: number): boolean {
  const parameters = new IntegerReader(bytes, at, end);
  const seen = new Set<number>();
  record.disableActiveMigration = false;
  while (parameters.at < end) {
    const number = parameters.next();
    const length = parameters.next();
    const start = parameters.at;
    const next = start + length;
    if (number === -1 || length === -1 || next > end || seen.has(number)) return false;
    seen.add(number);
    setParameter(record, number, bytes, start, next);
    parameters.at = next;
  }
  return true;
}

/**
 * Reads the client's transport parameters `bytes[at, end)` in the form of drafts before 27, a vector after its length
 * (draft-ietf-quic-transport-26, section 18). False if they break the format.
 *
 * ```
 *   ┌───┬────────┬───┬───────┬────────┬───┬───────┬╌╌╌
 *   │ n │ number │ n │ value │ number │ n │ value │
 *   └───┴────────┴───┴───────┴────────┴───┴───────┴╌╌╌
 *     2      2     2     n       2      2     n     bytes
 * ```
 */
export function readWideParameters(record: QuicRecord, bytes: Uint8Array, at: number, end: number): boolean {
  const seen = new Set<number>();
  record.disableActiveMigration = false;
  if (at + 2 > end || at + 2 + uint16(bytes, at) !== end) return false;
  for (at += 2; at < end; ) {
    const start = at + 4;
    const next = start > end ? start : start + uint16(bytes, at + 2);
    if (next > end || seen.has(uint16(bytes, at))) return false;
    seen.add(uint16(bytes, at));
    setParameter(record, uint16(bytes, at), bytes, start, next);
    at = next;
  }
  return true;
}

function setParameter(record: QuicRecord, number: number, bytes: Uint8Array, at: number, end: number): void {
  switch (number) {
    case Parameter.DisableActiveMigration:
      record.disableActiveMigration = true;
      return;
    case Parameter.UserAgent:
      writeEscaped(record.userAgent, bytes, at, end);
      return;
    case Parameter.VersionInformation:
    case Parameter.VersionInformationDraft:
      listVersions(record, bytes, at, end);
      return;
  }
  if (end === at || end - at < integerBytes(bytes[at]!)) return;
  const value = readExactInteger(bytes, at);
  switch (number) {
    case Parameter.MaxIdleTimeout:
      record.maxIdleTimeout = value;
      return;
    case Parameter.MaxUdpPayloadSize:
      record.maxUdpPayloadSize = value;
      return;
    case Parameter.InitialMaxData:
      record.initialMaxData = value;
      return;
    case Parameter.InitialMaxStreamDataBidiLocal:
      record.initialMaxStreamDataBidiLocal = value;
      return;
    case Parameter.InitialMaxStreamDataBidiRemote:
      record.initialMaxStreamDataBidiRemote = value;
      return;
    case Parameter.InitialMaxStreamDataUni:
      record.initialMaxStreamDataUni = value;
      return;
    case Parameter.InitialMaxStreamsBidi:
      record.initialMaxStreamsBidi = value;
      return;
    case Parameter.InitialMaxStreamsUni:
      record.initialMaxStreamsUni = value;
      return;
    case Parameter.AckDelayExponent:
      record.ackDelayExponent = value;
      return;
    case Parameter.MaxAckDelay:
      record.maxAckDelay = value;
      return;
    case Parameter.ActiveConnectionIdLimit:
      record.activeConnectionIdLimit = value;
      return;
    case Parameter.MaxDatagramFrameSize:
      record.maxDatagramFrameSize = value;
  }
}

/** The chosen version, which is the packet's, and the available ones (RFC 9368, section 3). */
function listVersions(record: QuicRecord, bytes: Uint8Array, at: number, end: number): void {
  for (at += 4; at + 4 <= end; at += 4) record.availableVersions.pushText(versionText(uint32(bytes, at)));
}
