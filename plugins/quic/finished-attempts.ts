import { finishHash, hashWord, PROCESS_HASH_KEY } from "../../runtime/plugin/index.js";
import { beginsAttempt, type LongHeader } from "./long-header.js";
import type { QuicAttempt } from "./quic-attempt.js";

/** Attempts that are remembered of one conversation; one that retransmits does so within seconds. */
const MAX_ATTEMPTS = 32;
/** Hashes of the ids, length of the one that the client used last, flags, version. */
const WORDS = 7;
const Word = { Original: 0, Client: 1, Server: 2, Current: 3, CurrentLength: 4, Flags: 5, Version: 6 } as const;
const Flag = { ClientLower: 1, Refused: 2, ServerUnknown: 4 } as const;

/**
 * Attempts of one conversation whose rows went out, so that what is sent again begins no other row, and what their connections send is not
 * taken for another attempt's. Of their ids it keeps hashes.
 */
export class FinishedAttempts {
  /** Grows to {@link MAX_ATTEMPTS}, of which the oldest then makes room. */
  #words = new Int32Array(WORDS);
  #count = 0;

  /** Whether a connection was, or may have been, established. */
  hasConnection = false;

  /** Remembers an attempt. */
  add(attempt: QuicAttempt): void {
    const { ids, isClientLower, isRefused, version } = attempt;
    const { original, client, server, current } = ids;
    const at = (this.#count++ % MAX_ATTEMPTS) * WORDS;
    if (at >= this.#words.length) {
      const words = new Int32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
    }
    if (!isRefused) this.hasConnection = true;
    const words = this.#words;
    words[at + Word.Original] = hashOf(original, 0, original.length);
    words[at + Word.Client] = hashOf(client, 0, client.length);
    words[at + Word.Server] = server === undefined ? 0 : hashOf(server, 0, server.length);
    words[at + Word.Current] = current === undefined ? 0 : hashOf(current, 0, current.length);
    words[at + Word.CurrentLength] = current === undefined ? 0 : current.length;
    words[at + Word.Flags] =
      (isClientLower ? Flag.ClientLower : 0) |
      (isRefused ? Flag.Refused : 0) |
      (server === undefined ? Flag.ServerUnknown : 0);
    words[at + Word.Version] = version | 0;
  }

  /** True for a packet with a long header of one of them. */
  has(bytes: Uint8Array, header: LongHeader, isFromLower: boolean): boolean {
    const words = this.#words;
    const end = Math.min(this.#count, MAX_ATTEMPTS) * WORDS;
    if (end === 0) return false;
    const destination = hashOf(bytes, header.destinationStart, header.destinationEnd);
    const source = hashOf(bytes, header.sourceStart, header.sourceEnd);
    const hasDestination = header.destinationEnd > header.destinationStart;
    for (let at = 0; at < end; at += WORDS) {
      const flags = words[at + Word.Flags]!;
      const isFromClient = ((flags & Flag.ClientLower) !== 0) === isFromLower;
      if (isFromClient) {
        if (hasDestination && (words[at + Word.Server] === destination || words[at + Word.Current] === destination))
          return true;
        // A client that was refused comes again in another version, maybe with the same ids.
        const isOther = (flags & Flag.Refused) !== 0 && words[at + Word.Version] !== (header.version | 0);
        if (words[at + Word.Original] === destination && !isOther) return true;
        if (hasDestination && beginsAttempt(header.type)) continue;
        if (words[at + Word.Client] === source) return true;
      } else if (words[at + Word.Client] === destination) {
        if (hasDestination || words[at + Word.Server] === source || (flags & Flag.ServerUnknown) !== 0) return true;
        if (words[at + Word.Original] === source) return true;
      }
    }
    return false;
  }

  /** True for a packet of 1-RTT that a client of one of them sent. */
  hasShort(bytes: Uint8Array, at: number, end: number, isFromLower: boolean): boolean {
    const words = this.#words;
    const last = Math.min(this.#count, MAX_ATTEMPTS) * WORDS;
    for (let place = 0; place < last; place += WORDS) {
      const length = words[place + Word.CurrentLength]!;
      const isFromClient = ((words[place + Word.Flags]! & Flag.ClientLower) !== 0) === isFromLower;
      if (!isFromClient || length <= 0 || at + 1 + length > end) continue;
      if (words[place + Word.Current] === hashOf(bytes, at + 1, at + 1 + length)) return true;
    }
    return false;
  }
}

/** A hash of an id, other in each process. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = hashWord(end - start, PROCESS_HASH_KEY[0]!);
  for (let at = start, i = 1; at < end; at += 4, i++) {
    let word = 0;
    for (let j = at; j < at + 4 && j < end; j++) word = (word << 8) | bytes[j]!;
    sum = (sum + hashWord(word, PROCESS_HASH_KEY[i]!)) | 0;
  }
  return finishHash(sum);
}
