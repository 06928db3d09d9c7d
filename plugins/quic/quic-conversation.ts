import type { QuicRecord } from "../../generated/quic/record.js";
import { type Datagram, type Output, Verdict } from "../../runtime/plugin/index.js";
import { AttemptRow } from "./attempt-row.js";
import { ConnectionIds, destinationOf, Match } from "./connection-ids.js";
import { FinishedAttempts } from "./finished-attempts.js";
import { GoogleConversation } from "./google-conversation.js";
import {
  type GooglePacket,
  isGoogleFirstByte,
  isGoogleLongHeader,
  readGoogleLongHeader,
  readGooglePacket,
} from "./google-packet.js";
import { InitialDecryption } from "./initial-decryption.js";
import {
  beginsAttempt,
  isLongHeader,
  isShortHeader,
  type LongHeader,
  ORIGINAL_ID_BYTES,
  PacketType,
  readLongHeader,
} from "./long-header.js";
import type { OpenAttempts } from "./open-attempts.js";
import { QuicAttempt } from "./quic-attempt.js";
import { isFromServerPort } from "./server-port.js";

/** Attempts of one conversation that are under way at once. */
const MAX_OPEN = 256;
/** How long an attempt waits for another packet: as long as its row, by the event's annotation. */
const TTL_NANOSECONDS = 60e9;

/** The QUIC connections between two ports, whose packets are distinguished by their connection ids. */
export class QuicConversation {
  readonly #out: Output<QuicRecord>;
  /** Those of the whole capture. */
  readonly #all: OpenAttempts;
  /** In the order in which they began. */
  readonly #open: QuicAttempt[] = [];
  readonly #finished = new FinishedAttempts();
  /** Those of Google's versions before Q050. */
  #google: GoogleConversation | undefined;
  /** Attempts so far. */
  #count = 0;
  /** Of the first attempt, and so of the next ones. */
  #isClientLower = false;

  constructor(out: Output<QuicRecord>, all: OpenAttempts) {
    this.#out = out;
    this.#all = all;
  }

  /** Takes one datagram, which may hold several packets of one connection (RFC 9000, section 12.2). */
  decode(datagram: Datagram): Verdict {
    const { bytes, start, end } = datagram;
    if (start === end) return Verdict.NotMine;
    const first = bytes[start]!;
    // Beside an attempt of IETF's QUIC the fixed bit of a short header may be 0 (RFC 9287).
    const mayBeGreasedShort = this.#open.length > 0 && this.#google?.isOpen !== true;
    if (isGoogleFirstByte(first) && !mayBeGreasedShort) {
      return this.#googlePacket(datagram, readGooglePacket(bytes, start, end));
    }
    if (!isLongHeader(first)) return this.#shortPacket(datagram);
    if (isGoogleLongHeader(bytes, start, end)) {
      return this.#googlePacket(datagram, readGoogleLongHeader(bytes, start, end));
    }
    const mayBeGreased = this.#count > 0;
    const outer = readLongHeader(bytes, start, end, mayBeGreased);
    if (outer === undefined) return this.#brokenBy(datagram);
    const attempt = this.#find(datagram, outer) ?? this.#begin(datagram, outer);
    if (attempt === undefined) return this.#count === 0 ? Verdict.NotMine : Verdict.Accepted;
    attempt.begin(datagram);
    for (let header: LongHeader | undefined = outer; header !== undefined && !attempt.isOver; ) {
      attempt.longPacket(bytes, header);
      const next: number = header.end;
      header = next < end && isLongHeader(bytes[next]!) ? readLongHeader(bytes, next, end, mayBeGreased) : undefined;
      if (next < end && isShortHeader(bytes[next]!)) attempt.shortPacket();
    }
    return this.#close(attempt);
  }

  #googlePacket(datagram: Datagram, packet: GooglePacket | undefined): Verdict {
    if (packet !== undefined) {
      this.#google ??= new GoogleConversation(() => new AttemptRow(this.#out, this.#count++));
      const verdict = this.#google.decode(datagram, packet);
      if (verdict !== Verdict.NotMine) return verdict;
    }
    return this.#count === 0 ? Verdict.NotMine : Verdict.Accepted;
  }

  #close(attempt: QuicAttempt): Verdict {
    const isWhole = attempt.close();
    if (attempt.isOver) this.#finish(attempt);
    return isWhole ? Verdict.Accepted : Verdict.Malformed;
  }

  #finish(attempt: QuicAttempt): void {
    this.#open.splice(this.#open.indexOf(attempt), 1);
    this.#all.delete(attempt);
    this.#finished.add(attempt);
  }

  #brokenBy({ isTruncated }: Datagram): Verdict {
    if (this.#count === 0) return Verdict.NotMine;
    return isTruncated ? Verdict.Truncated : Verdict.Accepted;
  }

  /** A packet of an established connection, or of one whose client has just got its keys. */
  #shortPacket(datagram: Datagram): Verdict {
    if (this.#count === 0) return Verdict.NotMine;
    if (this.#open.length === 0) {
      if (this.#google?.isOpen) this.#google.shortPacket(datagram);
      return Verdict.Accepted;
    }
    const attempt = this.#findShort(datagram);
    if (attempt === undefined) return Verdict.Accepted;
    attempt.begin(datagram);
    attempt.shortPacket();
    return this.#close(attempt);
  }

  #findShort(datagram: Datagram): QuicAttempt | undefined {
    const { bytes, start, end, isFromLower } = datagram;
    let only: QuicAttempt | undefined;
    for (const attempt of this.#open) {
      if (attempt.isFromServer(datagram)) continue;
      if (attempt.ids.isShortToServer(bytes, start, end)) return attempt;
      only = attempt;
    }
    if (only === undefined || this.#finished.hasShort(bytes, start, end, isFromLower)) return undefined;
    // A server without an id has one connection at a time (RFC 9000, section 5.1). What has another id than those known is of a connection
    // whose server gave its client others, or was not captured: it tells nothing of an attempt unless there is but one.
    if (only.ids.server?.length === 0) return only;
    return this.#open.length === 1 && !this.#finished.hasConnection ? only : undefined;
  }

  /** The attempt under way that a packet is of. */
  #find(datagram: Datagram, header: LongHeader): QuicAttempt | undefined {
    const { bytes } = datagram;
    let possible = 0;
    for (const attempt of this.#open) {
      const match = attempt.isFromServer(datagram)
        ? attempt.ids.matchServer(bytes, header)
        : attempt.ids.matchClient(bytes, header);
      if (match === Match.Sure) return this.#supersedes(attempt, datagram, header) ? undefined : attempt;
      possible += match;
    }
    return possible === 0 ? undefined : this.#tryOut(datagram, header);
  }

  /** Ends an attempt whose client comes again in another version, after a Version Negotiation that was not captured; false for any other. */
  #supersedes(attempt: QuicAttempt, datagram: Datagram, { type, version }: LongHeader): boolean {
    if (version === attempt.version || !attempt.isUnanswered || type !== PacketType.Initial) return false;
    if (attempt.isFromServer(datagram)) return false;
    attempt.isRefused = true;
    this.#drop(attempt);
    return true;
  }

  /** Of the attempts that a packet may be of, the one whose keys it was made with. */
  #tryOut(datagram: Datagram, header: LongHeader): QuicAttempt | undefined {
    const { bytes } = datagram;
    let only: QuicAttempt | undefined;
    let tried = 0;
    for (const attempt of this.#open) {
      const isFromServer = attempt.isFromServer(datagram);
      const { ids } = attempt;
      const match = isFromServer ? ids.matchServer(bytes, header) : ids.matchClient(bytes, header);
      if (match === Match.None) continue;
      tried++;
      if (attempt.canOpen(bytes, header, isFromServer) || (isFromServer && attempt.isAnsweredBy(bytes, header))) {
        if (!isFromServer) ids.learnDestination(bytes, header);
        return attempt;
      }
      only = attempt;
    }
    if (only === undefined || tried > 1) return undefined;
    if (only.isFromServer(datagram)) return header.type === PacketType.Retry ? undefined : only;
    return this.#isContinued(only, bytes, header) ? only : undefined;
  }

  /** Whether a client's packet of an unknown destination, that cannot be decrypted, is of this attempt all the same. */
  #isContinued(attempt: QuicAttempt, bytes: Uint8Array, header: LongHeader): boolean {
    if (header.type === PacketType.Unknown) return header.version === attempt.version;
    if (header.type !== PacketType.Initial) {
      // Of an attempt that came before it may be as well.
      if (this.#finished.hasConnection) return false;
      attempt.ids.learnDestination(bytes, header);
      return true;
    }
    // It follows a Retry that was not captured.
    const isRetried = attempt.isUnanswered && header.tokenBytes > 0 && attempt.ids.client.length > 0;
    if (isRetried) attempt.followRetry(bytes, header);
    return isRetried;
  }

  /** Begins an attempt with a packet that is of none. */
  #begin(datagram: Datagram, header: LongHeader): QuicAttempt | undefined {
    const { bytes, isFromLower } = datagram;
    const { type } = header;
    const isLong = header.destinationEnd - header.destinationStart >= ORIGINAL_ID_BYTES;
    const isEarly = type === PacketType.ZeroRtt && isLong;
    // Under way already: nothing can be known of it.
    if (type === PacketType.Handshake || (type === PacketType.ZeroRtt && !isEarly)) return undefined;
    if (this.#count === 0) {
      const isFromServer = isFirstFromServer(datagram, header);
      this.#isClientLower = isFromServer !== isFromLower;
      return this.#add(datagram, header, isFromServer);
    }
    if (this.#finished.has(bytes, header, isFromLower)) return undefined;
    const isFromServer = isOnlyOfServer(type) || isFromLower !== this.#isClientLower;
    if (isFromServer && (isEarly || isFirstInitial(bytes, header))) {
      // Both sides are clients, as between peers.
      return this.#add(datagram, header, false);
    }
    // What follows of a connection whose first packets were not captured begins nothing.
    if (!isFromServer && !isEarly && !(isLong && beginsAttempt(type))) return undefined;
    // It is of one of those attempts that it may be of.
    if (
      isFromServer &&
      this.#open.some((attempt) => attempt.isFromServer(datagram) && attempt.ids.matchServer(bytes, header) > 0)
    )
      return undefined;
    return this.#add(datagram, header, isFromServer);
  }

  #add(datagram: Datagram, header: LongHeader, isFromServer: boolean): QuicAttempt {
    const { bytes, isFromLower, arrival } = datagram;
    const ids = isFromServer ? ConnectionIds.ofServer(bytes, header) : ConnectionIds.ofClient(bytes, header);
    const row = new AttemptRow(this.#out, this.#count++);
    const attempt = new QuicAttempt(row, header.version, ids, isFromLower !== isFromServer);
    const open = this.#open;
    for (let i = open.length - 1; i >= 0; i--) {
      const other = open[i]!;
      if (other.isOver || arrival - other.arrival > TTL_NANOSECONDS) this.#drop(other);
    }
    if (open.length === MAX_OPEN) this.#drop(open[0]!);
    open.push(attempt);
    this.#all.add(attempt);
    return attempt;
  }

  /** Forgets an attempt whose row the runtime has let go, or for which there is no room. */
  #drop(attempt: QuicAttempt): void {
    attempt.abandon();
    this.#finish(attempt);
  }
}

/** True for what only a server sends (RFC 9000, sections 17.2.1 and 17.2.5). */
function isOnlyOfServer(type: number): boolean {
  return type === PacketType.VersionNegotiation || type === PacketType.Retry;
}

/** Whether the sender of a conversation's first packet is the server: by what the packet is, or else from a port of a server. */
function isFirstFromServer(datagram: Datagram, header: LongHeader): boolean {
  const { type, tokenBytes } = header;
  if (isOnlyOfServer(type)) return true;
  // Servers send neither 0-RTT nor a token (RFC 9000, sections 17.2.2 and 17.2.3).
  if (type === PacketType.ZeroRtt || tokenBytes > 0 || isFirstInitial(datagram.bytes, header)) return false;
  return isFromServerPort(datagram);
}

/** True for an Initial whose keys come from its own destination, as only a client's have (RFC 9001, section 5.2). */
function isFirstInitial(bytes: Uint8Array, header: LongHeader): boolean {
  const isLong = header.destinationEnd - header.destinationStart >= ORIGINAL_ID_BYTES;
  if (header.type !== PacketType.Initial || !isLong) return false;
  return new InitialDecryption(destinationOf(bytes, header)).tryDecrypt(bytes, header, false) !== undefined;
}
