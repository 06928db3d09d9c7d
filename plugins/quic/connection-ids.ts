import { type LongHeader, PacketType } from "./long-header.js";

/** What the ids of a packet say about the attempt that it is compared with. */
export const Match = {
  None: 0,
  /** Nothing in it contradicts: it is of the attempt if it can be decrypted with its keys. */
  Possible: 1,
  Sure: 2,
} as const;

export type Match = (typeof Match)[keyof typeof Match];

/** Ids of Retry packets that one attempt keeps; a client follows one of them (RFC 9000, section 17.2.5.2). */
const MAX_RETRIES = 4;
/** Further ids that the server gave its client, of one attempt. */
const MAX_FURTHER = 4;
const NO_ID = new Uint8Array(0);

/**
 * Connection ids of one attempt, by which its packets are told from those of others between the same ports (RFC 9000, sections 5.1, 5.2 and
 * 7.2):
 *
 * ```
 *   client                              server
 *     │ original, client ──────────────▶  │   destination, source
 *     │  ◀─────────────── client, retry   │   of a Retry
 *     │ retry, client ─────────────────▶  │
 *     │  ◀────────────── client, server   │
 *     │ server, client ────────────────▶  │
 * ```
 *
 * Each may be without bytes, but for the original one; the others then tell the packets apart.
 */
export class ConnectionIds {
  /** Destination of the client's first packet. */
  readonly original: Uint8Array;
  readonly client: Uint8Array;
  /** The server's first one; undefined until one of its packets shows it. */
  server: Uint8Array | undefined;
  readonly #retries: Uint8Array[] = [];
  /**
   * Those that the client uses besides: from NEW_CONNECTION_ID frames, which others cannot read (RFC 9000, section 5.1.2), or of a server
   * that was not captured.
   */
  readonly #further: Uint8Array[] = [];

  private constructor(original: Uint8Array, client: Uint8Array, server: Uint8Array | undefined) {
    this.original = original;
    this.client = client;
    this.server = server;
  }

  /** The ids in the header of the client's first packet. */
  static ofClient(bytes: Uint8Array, header: LongHeader): ConnectionIds {
    return new ConnectionIds(destinationOf(bytes, header), sourceOf(bytes, header), undefined);
  }

  /** The ids in the header of a server's packet, whose client was not captured. */
  static ofServer(bytes: Uint8Array, header: LongHeader): ConnectionIds {
    return new ConnectionIds(NO_ID, destinationOf(bytes, header), sourceOf(bytes, header));
  }

  /** Notes the source of a Retry, to which the client will write next. */
  addRetry(bytes: Uint8Array, header: LongHeader): void {
    if (this.#retries.length < MAX_RETRIES) this.#retries.push(sourceOf(bytes, header));
  }

  /** Notes the destination of a packet that is known to be the client's. */
  learnDestination(bytes: Uint8Array, header: LongHeader): void {
    const { destinationStart, destinationEnd } = header;
    if (this.#further.length === MAX_FURTHER || this.#isFurther(bytes, destinationStart, destinationEnd)) return;
    this.#further.push(destinationOf(bytes, header));
  }

  /** The id of the server that the client used last, as far as it is known. */
  get current(): Uint8Array | undefined {
    return this.#further.at(-1) ?? this.server;
  }

  /** The id of a Retry that is the destination of this packet. */
  retryOf(bytes: Uint8Array, { destinationStart, destinationEnd }: LongHeader): Uint8Array | undefined {
    return this.#retries.find((id) => equalsId(id, bytes, destinationStart, destinationEnd));
  }

  /** Compares a packet of the client's side with a long header. */
  matchClient(bytes: Uint8Array, header: LongHeader): Match {
    const { destinationStart, destinationEnd, sourceStart, sourceEnd } = header;
    const { original, server } = this;
    if (destinationEnd > destinationStart) {
      if (equalsId(original, bytes, destinationStart, destinationEnd)) return Match.Sure;
      if (server !== undefined && equalsId(server, bytes, destinationStart, destinationEnd)) return Match.Sure;
      if (this.#retries.length > 0 && this.retryOf(bytes, header) !== undefined) return Match.Sure;
      if (this.#isFurther(bytes, destinationStart, destinationEnd)) return Match.Sure;
    }
    if (!equalsId(this.client, bytes, sourceStart, sourceEnd)) return Match.None;
    return server?.length === 0 && destinationEnd === destinationStart ? Match.Sure : Match.Possible;
  }

  /** Compares a packet of the server's side with a long header. */
  matchServer(bytes: Uint8Array, header: LongHeader): Match {
    const { destinationStart, destinationEnd, sourceStart, sourceEnd } = header;
    const { client, server } = this;
    if (!equalsId(client, bytes, destinationStart, destinationEnd)) return Match.None;
    if (client.length > 0) return Match.Sure;
    if (header.type === PacketType.VersionNegotiation) {
      return equalsId(this.original, bytes, sourceStart, sourceEnd) ? Match.Sure : Match.None;
    }
    if (server === undefined) return Match.Possible;
    return equalsId(server, bytes, sourceStart, sourceEnd) ? Match.Sure : Match.None;
  }

  /** Whether the packet of 1-RTT at `at` has an id of the server, which has bytes, as its destination (RFC 9000, section 17.3). */
  isShortToServer(bytes: Uint8Array, at: number, end: number): boolean {
    if (this.server !== undefined && isShortTo(this.server, bytes, at, end)) return true;
    for (const id of this.#further) if (isShortTo(id, bytes, at, end)) return true;
    return false;
  }

  #isFurther(bytes: Uint8Array, start: number, end: number): boolean {
    for (const id of this.#further) if (equalsId(id, bytes, start, end)) return true;
    return false;
  }
}

function isShortTo(id: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  const idEnd = at + 1 + id.length;
  return id.length > 0 && idEnd <= end && equalsId(id, bytes, at + 1, idEnd);
}

/** Whether `bytes[start, end)` is the id. */
export function equalsId(id: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== id.length) return false;
  for (let i = 0; i < id.length; i++) if (id[i] !== bytes[start + i]) return false;
  return true;
}

/** A copy of a packet's destination. */
export function destinationOf(bytes: Uint8Array, { destinationStart, destinationEnd }: LongHeader): Uint8Array {
  return bytes.slice(destinationStart, destinationEnd);
}

/** A copy of a packet's source. */
export function sourceOf(bytes: Uint8Array, { sourceStart, sourceEnd }: LongHeader): Uint8Array {
  return bytes.slice(sourceStart, sourceEnd);
}
