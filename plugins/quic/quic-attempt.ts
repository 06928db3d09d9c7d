import { type QuicRecord, Side, State } from "../../generated/quic/record.js";
import type { Datagram } from "../../runtime/packet/packet.js";
import type { Output } from "../../runtime/plugin/output.js";
import { writeEscaped } from "../tls/escaped-text.js";
import { HandshakeType } from "../tls/handshake-messages.js";
import { isHelloRetryRequest } from "../tls/server-hello.js";
import { CryptoStream } from "./crypto-stream.js";
import { InitialDecryption } from "./initial-decryption.js";
import { type ConnectionClose, readInitialFrames } from "./initial-frames.js";
import { type LongHeader, PacketType } from "./long-header.js";
import { readQuicClientHello, readQuicServerHello } from "./quic-hellos.js";
import { hasIntegerParameters, versionText } from "./versions.js";

/** A conversation has one open attempt at a time. */
const KEY = 0;

/** One attempt at a connection, whose row the runtime holds between datagrams. */
export class QuicAttempt {
  /** The row went out, and nothing more is wanted. */
  isOver = false;
  readonly #out: Output<QuicRecord>;
  readonly #version: number;
  readonly #originalId: Uint8Array;
  /** Ids that the server gave itself. */
  #serverId: Uint8Array | undefined;
  readonly #decryption: InitialDecryption;
  /** Undefined once the hello was read. */
  #client: CryptoStream | undefined = new CryptoStream();
  #server: CryptoStream | undefined = new CryptoStream();
  #datagram: Datagram | undefined;
  #isFromServer = false;
  #isHeld = false;
  #isOpen = false;
  #isWhole = true;
  #hasClient = false;
  #hasServer = false;
  #hasEarlyData = false;

  /** `version` and `originalId`, the destination, are those of the first packet. */
  constructor(out: Output<QuicRecord>, version: number, originalId: Uint8Array) {
    this.#out = out;
    this.#version = version;
    this.#originalId = originalId;
    this.#decryption = new InitialDecryption(originalId);
  }

  /** True for an Initial of this attempt's client. */
  isTo(bytes: Uint8Array, { version, destinationStart, destinationEnd }: LongHeader): boolean {
    const destination = bytes.subarray(destinationStart, destinationEnd);
    if (this.#serverId !== undefined && Buffer.compare(this.#serverId, destination) === 0) return true;
    return version === this.#version && Buffer.compare(this.#originalId, destination) === 0;
  }

  /** The datagram at hand, until {@link close}. */
  begin(datagram: Datagram, isFromServer: boolean): void {
    this.#datagram = datagram;
    this.#isFromServer = isFromServer;
    this.#isWhole = true;
  }

  /** Ends what {@link begin} began; false where a packet broke the format. */
  close(): boolean {
    if (this.#isOpen) {
      this.#isOpen = false;
      if (!this.#hasClient) {
        // A server whose client was not captured.
        this.isOver = true;
        this.#out.emitReversed();
      } else if (this.isOver) this.#out.emit();
      else {
        this.#out.hold(KEY);
        this.#isHeld = true;
      }
    }
    this.#datagram = undefined;
    if (this.isOver) this.#dropStreams();
    return this.#isWhole;
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
      // It was answered, and the answer not captured.
      record.state = State.INCOMPLETE;
      this.isOver = true;
      return;
    }
    record.handshakeDuration = this.#nanosecondsSinceStart();
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
    } else if (header.type === PacketType.Initial) this.#initial(bytes, header, this.#client);
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
    record.tokenLength = header.tokenBytes;
  }

  #serverPacket(bytes: Uint8Array, header: LongHeader): void {
    if (!this.#hasServer) this.#firstOfServer(bytes, header);
    if (this.isOver) return;
    if (header.type === PacketType.Initial) this.#initial(bytes, header, this.#server);
    else if (header.type === PacketType.Retry) this.#retry(bytes, header);
  }

  #firstOfServer(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined) return;
    this.#hasServer = true;
    if (this.#hasClient) record.latency = this.#nanosecondsSinceStart();
    else {
      record.version.setText(versionText(header.version));
      record.serverConnectionId.set(bytes, header.sourceStart, header.sourceEnd);
    }
    record.state = State.INCOMPLETE;
    if (header.type === PacketType.VersionNegotiation) {
      record.state = State.VERSION_REFUSED;
      for (let at = header.sourceEnd; at < header.end; at += 4) {
        record.serverVersions.pushText(versionText(Buffer.from(bytes.subarray(at, at + 4)).readUInt32BE()));
      }
      this.isOver = true;
    }
  }

  /** The client is to come again, with a token and under another id; each Retry is another one's answer. */
  #retry(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined) return;
    record.retries++;
    this.#serverId = bytes.slice(header.sourceStart, header.sourceEnd);
    this.#decryption.restart(this.#serverId);
  }

  #initial(bytes: Uint8Array, header: LongHeader, stream: CryptoStream | undefined): void {
    const payload = this.#decryption.decrypt(bytes, header, this.#isFromServer);
    if (payload === undefined) return;
    if (this.#isFromServer) this.#setServerId(bytes, header);
    const { close, isWhole } = readInitialFrames(payload, stream?.bytes);
    if (!isWhole) this.#break();
    for (let message = stream?.next(); message !== undefined; message = stream!.next()) {
      this.#message(stream!.bytes.bytes, message.type, message.start, message.end);
      // The ServerHello ends both streams.
      if (this.#server === undefined) break;
    }
    if (close !== undefined) this.#connectionClose(payload, close);
  }

  #setServerId(bytes: Uint8Array, header: LongHeader): void {
    const record = this.#open();
    if (record === undefined || record.serverConnectionId.isPresent) return;
    record.version.setText(versionText(header.version));
    record.serverConnectionId.set(bytes, header.sourceStart, header.sourceEnd);
    this.#serverId = bytes.slice(header.sourceStart, header.sourceEnd);
  }

  #message(bytes: Uint8Array, type: number, start: number, end: number): void {
    const record = this.#open();
    if (record === undefined) return;
    const { frameNumber } = this.#datagram!;
    if (!this.#isFromServer && type === HandshakeType.ClientHello) {
      if (record.helloFrame !== null) return;
      record.helloFrame = frameNumber;
      const hasParameters = hasIntegerParameters(this.#version);
      if (!readQuicClientHello(record, bytes, start, end, hasParameters)) this.#break();
    } else if (this.#isFromServer && type === HandshakeType.ServerHello) {
      if (isHelloRetryRequest(bytes, start, end)) {
        record.helloRetries++;
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

  /** The row, for this datagram; undefined where the runtime let it go. */
  #open(): QuicRecord | undefined {
    const out = this.#out;
    if (this.#isOpen) return out.record;
    if (this.#isHeld && !(this.#isFromServer ? out.resume(KEY) : out.resumeOwn(KEY))) {
      this.isOver = true;
      return undefined;
    }
    this.#isOpen = true;
    return out.record;
  }

  #nanosecondsSinceStart(): number | null {
    if (!this.#isHeld) return null;
    const nanoseconds = this.#datagram!.time.nanosecondsSince(this.#out.requestTime);
    return nanoseconds < 0 ? null : nanoseconds;
  }
}
