import { Side, State } from "../../generated/quic/quic_enums.js";
import type { QuicRecord } from "../../generated/quic/record.js";
import { type Datagram, uint32 } from "../../runtime/plugin/index.js";
import { HandshakeType, isHelloRetryRequest, type ScatteredBytes, writeEscaped } from "../tls/library.js";
import type { AttemptRow } from "./attempt-row.js";
import type { ConnectionIds } from "./connection-ids.js";
import { CryptoStream } from "./crypto-stream.js";
import { isDiscarded } from "./discarded-packets.js";
import { readGoogleFrames } from "./google-frames.js";
import { isClientHello, readGoogleHello } from "./google-hello.js";
import { InitialDecryption } from "./initial-decryption.js";
import { type ConnectionClose, readInitialFrames } from "./initial-frames.js";
import { type LongHeader, PacketType } from "./long-header.js";
import { readQuicClientHello, readQuicServerHello } from "./quic-hellos.js";
import { isRetryOf } from "./retry-integrity.js";
import { rulesOf, versionText } from "./versions.js";

/** Packets that are decrypted to find out whether they belong to this attempt. */
const MAX_TRIALS = 8;

/** One attempt at a connection, whose row the runtime keeps between datagrams. */
export class QuicAttempt {
  /** The row was emitted, and nothing more is needed. */
  isOver = false;
  /** Time of the last datagram, by the capture's clock. */
  arrival = 0;
  /** The client is the lower endpoint of the conversation. */
  readonly isClientLower: boolean;
  readonly ids: ConnectionIds;
  readonly version: number;
  /** The server supports none of the client's versions. */
  isRefused = false;
  readonly #row: AttemptRow;
  readonly #decryption: InitialDecryption;
  /** Undefined once the hello was read. */
  #client: CryptoStream | undefined = new CryptoStream();
  #server: CryptoStream | undefined = new CryptoStream();
  #datagram: Datagram | undefined;
  #isFromServer = false;
  #isWhole = true;
  #hasClient = false;
  #hasServer = false;
  #hasEarlyData = false;
  #hasInitial = false;
  /** A packet was decrypted: the keys are right. */
  #isOpened = false;
  #trials = 0;

  /** `version` and `ids` are those of its first packet. */
  constructor(row: AttemptRow, version: number, ids: ConnectionIds, isClientLower: boolean) {
    this.#row = row;
    this.isClientLower = isClientLower;
    this.version = version;
    this.ids = ids;
    this.#decryption = new InitialDecryption(ids.original);
  }

  /** Whether the datagram's sender is the server. */
  isFromServer({ isFromLower }: Datagram): boolean {
    return isFromLower !== this.isClientLower;
  }

  /** Whether no packet of the server was seen. */
  get isUnanswered(): boolean {
    return !this.#hasServer;
  }

  /** True for an Initial packet that can be decrypted with the keys of this attempt; for a number of packets. */
  canOpen(bytes: Uint8Array, header: LongHeader, isFromServer: boolean): boolean {
    if (header.type !== PacketType.Initial || !this.#isOpened || this.#trials >= MAX_TRIALS) return false;
    if (this.#decryption.tryDecrypt(bytes, header, isFromServer)) return true;
    this.#trials++;
    return false;
  }

  /** True for a Retry in response to the client of this attempt. */
  isAnsweredBy(bytes: Uint8Array, header: LongHeader): boolean {
    return header.type === PacketType.Retry && isRetryOf(this.ids.original, bytes, header);
  }

  /** The client follows a Retry that was not captured. */
  followRetry(bytes: Uint8Array, { destinationStart, destinationEnd }: LongHeader): void {
    this.#decryption.restart(bytes.slice(destinationStart, destinationEnd));
  }

  /** Sets the current datagram, until {@link close}. */
  begin(datagram: Datagram): void {
    this.#datagram = datagram;
    this.arrival = datagram.arrival;
    this.#isFromServer = this.isFromServer(datagram);
    this.#isWhole = true;
  }

  /** Ends what {@link begin} began; false if a packet broke the format. */
  close(): boolean {
    // Of a server whose client was not captured.
    const isReversed = !this.#hasClient;
    if (isReversed) this.isOver = true;
    this.#row.close(this.isOver, isReversed);
    this.#datagram = undefined;
    if (this.isOver) this.#dropStreams();
    return this.#isWhole;
  }

  /** There is no room for it: the row is emitted as it is when its time ends. */
  abandon(): void {
    this.isOver = true;
    this.#dropStreams();
  }

  /** A packet with a long header. */
  longPacket(bytes: Uint8Array, header: LongHeader): void {
    if (this.#isFromServer) this.#serverPacket(bytes, header);
    else this.#clientPacket(bytes, header);
  }

  /** A packet with a short header, 1-RTT: the client sends them once it has the keys of the connection. */
  shortPacket(): void {
    if (this.isOver || this.#isFromServer) return;
    const record = this.#open();
    if (record === undefined) return;
    if (!this.#hasServer) {
      // The server responded, but the response was not captured.
      record.state = State.INCOMPLETE;
      this.isOver = true;
      return;
    }
    record.handshakeDuration = this.#row.nanosecondsTo(this.#datagram!.time);
    record.state = State.ESTABLISHED;
    this.isOver = true;
  }

  #clientPacket(bytes: Uint8Array, header: LongHeader): void {
    if (!this.#hasClient) this.#firstOfClient(bytes, header);
    if (header.type === PacketType.ZeroRtt) {
      if (this.#hasEarlyData) return;
      this.#hasEarlyData = true;
      const record = this.#open();
      if (record !== undefined) record.earlyData = true;
    } else if (header.type === PacketType.Initial) {
      if (!this.#hasInitial) this.#firstInitial(header);
      const retry = this.ids.retryOf(bytes, header);
      if (retry !== undefined) this.#decryption.restart(retry);
      this.#initial(bytes, header, this.#client);
    }
  }

  #firstOfClient(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined) return;
    this.#hasClient = true;
    record.state = State.UNANSWERED;
    record.version.setText(versionText(header.version));
    record.clientVersion.setText(versionText(header.version));
    record.originalConnectionId.set(bytes, header.destinationStart, header.destinationEnd);
    record.clientConnectionId.set(bytes, header.sourceStart, header.sourceEnd);
  }

  /** Packets of 0-RTT may come before it. */
  #firstInitial({ tokenBytes }: LongHeader): void {
    this.#hasInitial = true;
    if (tokenBytes === 0) return;
    const record = this.#open();
    if (record !== undefined) record.tokenLength = tokenBytes;
  }

  #serverPacket(bytes: Uint8Array, header: LongHeader): void {
    if (this.#hasClient && isDiscarded(this.ids, this.version, this.#hasServer, bytes, header)) return;
    if (!this.#hasServer) this.#firstOfServer(bytes, header);
    if (this.isOver) return;
    if (header.type === PacketType.Retry) this.#retry(bytes, header);
    else if (!this.#hasClient) return;
    else if (header.type === PacketType.Initial) this.#initial(bytes, header, this.#server);
    else this.ids.server ??= bytes.slice(header.sourceStart, header.sourceEnd);
  }

  #firstOfServer(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined) return;
    this.#hasServer = true;
    if (this.#hasClient) record.latency = this.#row.nanosecondsTo(this.#datagram!.time);
    else {
      // A Version Negotiation packet has none.
      if (header.version !== 0) record.version.setText(versionText(header.version));
      record.serverConnectionId.set(bytes, header.sourceStart, header.sourceEnd);
    }
    record.state = State.INCOMPLETE;
    if (header.type === PacketType.VersionNegotiation) {
      record.state = State.VERSION_REFUSED;
      this.isRefused = true;
      for (let at = header.sourceEnd; at < header.end; at += 4) {
        record.serverVersions.pushText(versionText(uint32(bytes, at)));
      }
      this.isOver = true;
    }
  }

  /** The client has to begin again, with a token and another id; a client that repeats its first id gets another Retry. */
  #retry(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined) return;
    record.retries++;
    this.ids.addRetry(bytes, header);
    if (record.retries === 1) this.#decryption.restart(bytes.slice(header.sourceStart, header.sourceEnd));
  }

  #initial(bytes: Uint8Array, header: LongHeader, stream: CryptoStream | undefined): void {
    const payload = this.#decryption.decrypt(bytes, header, this.#isFromServer);
    if (payload === undefined) return;
    this.#isOpened = true;
    if (this.#isFromServer) this.#setServerId(bytes, header);
    const rules = rulesOf(header.version)!;
    const { close, isWhole } = (rules.hasGoogleFrames ? readGoogleFrames : readInitialFrames)(payload, stream?.bytes);
    if (!isWhole) this.#break();
    if (rules.hasGoogleHello) {
      if (!this.#isFromServer && stream !== undefined) this.#googleHello(stream.bytes);
      return;
    }
    for (let message = stream?.next(); message !== undefined; message = stream!.next()) {
      this.#message(stream!.bytes.bytes, message.type, message.start, message.end);
      // The ServerHello ends both streams.
      if (this.#server === undefined) break;
    }
    if (close !== undefined) this.#connectionClose(payload, close);
  }

  /** The CHLO of Q050, which has no header of TLS. */
  #googleHello({ bytes, length }: ScatteredBytes): void {
    if (!isClientHello(bytes, 0, length)) return;
    const record = this.#open();
    if (record === undefined || record.helloFrame !== null) return;
    record.helloFrame = this.#datagram!.frameNumber;
    if (!readGoogleHello(record, bytes, 0, length)) this.#break();
  }

  #setServerId(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined || record.serverConnectionId.isPresent) return;
    record.version.setText(versionText(header.version));
    record.serverConnectionId.set(bytes, header.sourceStart, header.sourceEnd);
    this.ids.server ??= bytes.slice(header.sourceStart, header.sourceEnd);
  }

  #message(bytes: Uint8Array, type: number, start: number, end: number): void {
    const record = this.#open();
    if (record === undefined) return;
    const { frameNumber } = this.#datagram!;
    if (!this.#isFromServer && type === HandshakeType.ClientHello) {
      if (record.helloFrame !== null) return;
      record.helloFrame = frameNumber;
      const hasWideParameters = rulesOf(this.version)?.hasWideParameters ?? false;
      if (!readQuicClientHello(record, bytes, start, end, hasWideParameters)) this.#break();
    } else if (this.#isFromServer && type === HandshakeType.ServerHello) {
      if (isHelloRetryRequest(bytes, start, end)) {
        record.hello.helloRetries++;
        return;
      }
      if (record.responseFrame !== null) return;
      record.responseFrame = frameNumber;
      if (!readQuicServerHello(record, bytes, start, end)) this.#break();
      // Nothing more comes in the Initial packets of either side.
      this.#dropStreams();
    }
  }

  #dropStreams(): void {
    this.#client?.giveBack();
    this.#server?.giveBack();
    this.#client = undefined;
    this.#server = undefined;
  }

  #connectionClose(payload: Uint8Array, { error, reasonStart, reasonEnd }: ConnectionClose): void {
    const record = this.#open();
    if (record === undefined) return;
    record.closeError = error;
    writeEscaped(record.closeReason, payload, reasonStart, reasonEnd);
    record.closeSender = this.#isFromServer ? Side.SERVER : Side.CLIENT;
    record.closeFrame = this.#datagram!.frameNumber;
    record.state = State.FAILED;
    this.isOver = true;
  }

  #break(): void {
    this.#isWhole = false;
    const record = this.#open();
    if (record !== undefined) record.malformed = true;
  }

  /** The row, for this datagram; undefined if the runtime released it. */
  #open(): QuicRecord | undefined {
    const record = this.#row.open(this.#isFromServer);
    if (record === undefined) this.isOver = true;
    return record;
  }
}
