import type { QuicRecord } from "../../generated/quic/record.js";
import type { Datagram } from "../../runtime/packet/packet.js";
import type { Output } from "../../runtime/plugin/output.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
import { isLongHeader, isShortHeader, type LongHeader, PacketType, readLongHeader } from "./long-header.js";
import { QuicAttempt } from "./quic-attempt.js";

/** Ports below this one are a server's where the client's first packet was not seen. */
const FIRST_CLIENT_PORT = 1024;

/** The QUIC connections of one conversation: one, or another one after it between the same ports. */
export class QuicConversation {
  readonly #out: Output<QuicRecord>;
  #attempt: QuicAttempt | undefined;
  #isClientLower = false;

  constructor(out: Output<QuicRecord>) {
    this.#out = out;
  }

  /** Takes one datagram, which may hold several packets (RFC 9000, section 12.2). */
  decode(datagram: Datagram): Verdict {
    const { bytes, start, end } = datagram;
    if (start === end) return Verdict.NotMine;
    if (!isLongHeader(bytes[start]!)) return this.#shortPacket(datagram);
    const first = readLongHeader(bytes, start, end);
    if (first === undefined) return this.#brokenBy(datagram);
    if (!this.#isKnown(datagram, first)) return Verdict.NotMine;
    const attempt = this.#attempt!;
    if (attempt.isOver) return Verdict.Accepted;
    const isFromServer = datagram.isFromLower !== this.#isClientLower;
    attempt.begin(datagram, isFromServer);
    for (let header: LongHeader | undefined = first; header !== undefined && !attempt.isOver; ) {
      attempt.longPacket(bytes, header);
      const next: number = header.end;
      header = next < end && isLongHeader(bytes[next]!) ? readLongHeader(bytes, next, end) : undefined;
      if (next < end && isShortHeader(bytes[next]!)) attempt.shortPacket();
    }
    return attempt.close() ? Verdict.Accepted : Verdict.Malformed;
  }

  #shortPacket(datagram: Datagram): Verdict {
    const attempt = this.#attempt;
    if (attempt === undefined) return Verdict.NotMine;
    if (attempt.isOver) return Verdict.Accepted;
    attempt.begin(datagram, datagram.isFromLower !== this.#isClientLower);
    attempt.shortPacket();
    attempt.close();
    return Verdict.Accepted;
  }

  #brokenBy({ isTruncated }: Datagram): Verdict {
    if (this.#attempt === undefined) return Verdict.NotMine;
    return isTruncated ? Verdict.Truncated : Verdict.Accepted;
  }

  /** Begins an attempt with the conversation's first packet, and with a client's Initial of another id or version once it is over. */
  #isKnown(datagram: Datagram, header: LongHeader): boolean {
    const { bytes, srcPort, dstPort, isFromLower } = datagram;
    const attempt = this.#attempt;
    if (attempt !== undefined) {
      const isAnother =
        attempt.isOver &&
        header.type === PacketType.Initial &&
        isFromLower === this.#isClientLower &&
        !attempt.isTo(bytes, header);
      if (!isAnother) return true;
    } else if (header.type === PacketType.Handshake || header.type === PacketType.ZeroRtt) {
      // Under way already: nothing can be known of it.
      return false;
    }
    const isFromServer =
      header.type === PacketType.VersionNegotiation ||
      header.type === PacketType.Retry ||
      (attempt === undefined && srcPort < FIRST_CLIENT_PORT && dstPort >= FIRST_CLIENT_PORT);
    this.#isClientLower = isFromServer !== isFromLower;
    this.#attempt = new QuicAttempt(
      this.#out,
      header.version,
      bytes.slice(header.destinationStart, header.destinationEnd),
    );
    return true;
  }
}
