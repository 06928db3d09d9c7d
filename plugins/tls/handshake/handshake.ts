import { AlertDescription, CipherSuite } from "../../../generated/tls/parameters_enums.js";
import type { TlsRecord } from "../../../generated/tls/record.js";
import { AlertLevel, Side, State } from "../../../generated/tls/tls_enums.js";
import type { Output, Timestamp } from "../../../runtime/plugin/index.js";
import { readClientCertificate, readServerMessage } from "./flight-messages.js";
import { HandshakeType } from "./handshake-messages.js";
import { HandshakeRow } from "./handshake-row.js";
import { isHelloRetryRequest } from "./server-hello.js";
import { SessionIds } from "./session-ids.js";
import { readSsl2ClientHello, readSsl2ServerHello } from "./ssl2.js";
import { readPartialClientHello, readTlsClientHello, readTlsServerHello } from "./tls-hellos.js";
import { isTls13 } from "./versions.js";

/** The current packet. */
export interface Moment {
  readonly isFromServer: boolean;
  readonly time: Timestamp;
  readonly frameNumber: number;
}

/** How far one side has progressed. */
const Phase = { Clear: 0, ChangedCipher: 1, Encrypts: 2 } as const;

/** Level, description and type of an encrypted alert of TLS 1.3 (RFC 8446, section 5.2). */
const INNER_ALERT_BYTES = 3;
/** Bytes of a cipher suite's tag, of TLS_AES_128_CCM_8_SHA256 and of the others (RFC 8446, appendix B.4). */
const SHORT_TAG_BYTES = 8;
const TAG_BYTES = 16;

/** Encrypted records of one side after which the other side, not seen so far, is no longer waited for. */
const MAX_UNANSWERED_RECORDS = 8;

/**
 * One handshake: its row is filled from both sides' messages, alerts and protected records. It is over once both sides encrypt or an
 * alert ends it. {@link begin} and {@link close} surround each call of the decoder; the row can be written between them.
 */
export class Handshake {
  /** The rest of the connection is not needed. */
  isOver = false;
  /** Called before an alert, or another protocol, ends a handshake of which no whole hello was seen. */
  onFailure: () => void = () => {};
  readonly #isDatagram: boolean;
  readonly #row: HandshakeRow;
  #moment: Moment | undefined;
  #hasClientHello = false;
  #hasServerHello = false;
  /** The server answered, if only to ask for another ClientHello. */
  #isAnswered = false;
  #isTls13 = false;
  /** Length of an encrypted record with an alert. */
  #alertRecordBytes = 0;
  /** Side whose last encrypted record is an alert by its length alone. */
  #assumedAlert: number = Side.UNSPECIFIED;
  /** A message was seen that is not sent when a session is resumed. */
  #isFull = false;
  /** Bytes of the server were lost since its ServerHello. */
  #hasLoss = false;
  readonly #sessionIds = new SessionIds();
  #clientPhase: number = Phase.Clear;
  #serverPhase: number = Phase.Clear;
  #unansweredRecords = 0;

  constructor(out: Output<TlsRecord>, isDatagram: boolean) {
    this.#row = new HandshakeRow(out);
    this.#isDatagram = isDatagram;
  }

  /** A hello was seen, so that there is a row. */
  get hasBegun(): boolean {
    return this.#hasClientHello || this.#hasServerHello;
  }

  /** Sets the current packet, until {@link close}. */
  begin(moment: Moment): void {
    this.#moment = moment;
  }

  /** Ends the call that {@link begin} began: the row is emitted when the handshake is over. */
  close(): void {
    this.#moment = undefined;
    // A row that the sender of a datagram begins waits for the other side. For a server that is the client, so its row is emitted at once.
    const isOfServer = this.#isDatagram && this.#hasServerHello && !this.#hasClientHello;
    if (isOfServer) this.isOver = true;
    this.#row.close(this.isOver, isOfServer);
    if (this.#row.isGone) this.isOver = true;
  }

  /** An unencrypted message: its type and body, which is empty for types that are not read. */
  message(type: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.isOver) return;
    const { isFromServer } = this.#moment!;
    if (type === HandshakeType.ClientHello) this.#clientHello(bytes, start, end);
    else if (type === HandshakeType.ServerHello) this.#serverHello(bytes, start, end);
    else if (!this.hasBegun) return;
    else if (isFromServer) this.#serverMessage(type, bytes, start, end);
    else this.#clientMessage(type, bytes, start, end);
  }

  /** ChangeCipherSpec, which has no meaning in TLS 1.3 (RFC 8446, appendix D.4). */
  changeCipherSpec(): void {
    if (this.isOver || this.#isTls13 || !this.hasBegun) return;
    const { isFromServer } = this.#moment!;
    if (isFromServer) {
      const record = this.#open();
      if (this.#hasServerHello) record.hello.resumed = this.#isResumed(record);
      this.#serverPhase = Phase.ChangedCipher;
    } else {
      if (!this.#hasServerHello) this.#markContinued();
      this.#clientPhase = Phase.ChangedCipher;
    }
  }

  /** An unencrypted alert (RFC 8446, section 6). */
  alert(level: number, description: number): void {
    const isEnd = level === AlertLevel.FATAL || description === AlertDescription.CLOSE_NOTIFY;
    if (isEnd && !this.hasBegun) this.onFailure();
    if (this.isOver || !this.hasBegun) return;
    const record = this.#open();
    record.alert = description;
    record.alertLevel = level;
    this.#setAlertSender(record);
    this.#markAnswered(record);
    if (isEnd) this.#end(record, State.FAILED);
  }

  /** True once the server has chosen TLS 1.3. */
  get isTls13(): boolean {
    return this.#isTls13;
  }

  /** An unencrypted message whose rest will not come, or is lost where `isLost`. */
  unfinishedMessage(type: number, bytes: Uint8Array, start: number, end: number, isLost: boolean): void {
    if (this.isOver || !this.#moment) return;
    if (type === HandshakeType.ClientHello && !this.#hasClientHello) {
      this.#hasClientHello = true;
      const record = this.#open();
      if (record.state !== State.INCOMPLETE) record.state = State.UNANSWERED;
      readPartialClientHello(record, bytes, start, end);
      if (!isLost) record.malformed = true;
    } else if (type === HandshakeType.ServerHello && this.#hasClientHello && !this.#hasServerHello) {
      const record = this.#open();
      record.state = State.INCOMPLETE;
      if (!isLost) record.malformed = true;
    }
  }

  /** Bytes of the server's unencrypted messages are lost. */
  markServerLoss(): void {
    this.#hasLoss = true;
  }

  /** Whether the sender of the current packet encrypts its records, or those of this kind. */
  isProtected(isApplicationData: boolean): boolean {
    if (isApplicationData) return true;
    return !this.#isTls13 && (this.#moment!.isFromServer ? this.#serverPhase : this.#clientPhase) > Phase.Clear;
  }

  /** An encrypted record; `isAlert` by its type or, in TLS 1.3, by its length. */
  protectedRecord(isAlert: boolean): void {
    if (this.isOver) return;
    if (!this.hasBegun) {
      // The capture began in the middle of the connection.
      this.isOver = true;
      return;
    }
    const { isFromServer } = this.#moment!;
    // Early data of the client, before the server answered.
    if (!this.#hasServerHello && !isFromServer && this.#clientPhase === Phase.Clear) {
      this.#markContinued();
      this.#countUnanswered();
      return;
    }
    const side = isFromServer ? Side.SERVER : Side.CLIENT;
    // An alert is the last record that a side sends.
    if (this.#assumedAlert === side) this.#withdrawAlert();
    if (isAlert) {
      this.#protectedAlert();
      return;
    }
    if (isFromServer) this.#serverPhase = Phase.Encrypts;
    else this.#clientPhase = Phase.Encrypts;
    if (this.#clientPhase === Phase.Encrypts && this.#serverPhase === Phase.Encrypts) {
      if (this.#assumedAlert !== Side.UNSPECIFIED) this.#withdrawAlert();
      const record = this.#open();
      if (this.#hasClientHello) record.handshakeDuration = this.#row.nanosecondsTo(this.#moment!.time);
      this.#end(record, State.ESTABLISHED);
    } else this.#countUnanswered();
  }

  /** What follows is another protocol, or breaks the format: the row is emitted as it is. */
  breakOff(): void {
    if (!this.hasBegun) this.onFailure();
    if (this.isOver) return;
    if (this.hasBegun) {
      const record = this.#open();
      record.malformed = true;
      this.#markAnswered(record);
    }
    this.isOver = true;
  }

  /** The connection ended, in a packet of this side: the row is emitted as it is. */
  end(isFromServer: boolean): void {
    if (this.isOver) return;
    if (this.hasBegun) this.#row.open(isFromServer);
    this.isOver = true;
    this.#row.close(true, false);
  }

  /** No further values are expected: the row is emitted. */
  giveUp(): void {
    if (this.isOver) return;
    if (this.hasBegun) this.#open();
    this.isOver = true;
  }

  /** The message exceeds the reassembly limit. */
  markOmitted(): void {
    if (this.isOver || !this.hasBegun) return;
    // Only Certificate messages are that long.
    this.#isFull = true;
    this.#open().certificateFingerprints.overflowed = true;
  }

  /** Whether an encrypted record, of application data by its type, is an alert by its length. */
  isAlertLength(lengthBytes: number): boolean {
    return this.#isTls13 && lengthBytes === this.#alertRecordBytes;
  }

  /** A ClientHello in the form of SSL 2.0, whole at `at`. */
  ssl2ClientHello(bytes: Uint8Array, at: number): void {
    if (this.#hasClientHello) return;
    this.#hasClientHello = true;
    readSsl2ClientHello(this.#open(), bytes, at);
  }

  /** A ServerHello of SSL 2.0, whole at `at`, after which the handshake is not followed. */
  ssl2ServerHello(bytes: Uint8Array, at: number): void {
    const record = this.#open();
    this.#markAnswered(record);
    record.responseFrame = this.#moment!.frameNumber;
    readSsl2ServerHello(record, bytes, at);
    this.isOver = true;
  }

  #clientHello(bytes: Uint8Array, start: number, end: number): void {
    // A second one repeats the first, or begins a renegotiation.
    if (this.#hasClientHello) return;
    this.#hasClientHello = true;
    const record = this.#open();
    if (record.state !== State.INCOMPLETE) record.state = State.UNANSWERED;
    this.#sessionIds.offer(bytes, start, end);
    if (!readTlsClientHello(record, bytes, start, end, this.#isDatagram)) record.malformed = true;
  }

  #serverHello(bytes: Uint8Array, start: number, end: number): void {
    if (this.#hasServerHello) return;
    const record = this.#open();
    this.#markAnswered(record);
    if (isHelloRetryRequest(bytes, start, end)) {
      this.#isTls13 = true;
      record.hello.helloRetries++;
      return;
    }
    this.#hasServerHello = true;
    this.#hasLoss = false;
    this.#sessionIds.choose(bytes, start, end);
    record.state = State.INCOMPLETE;
    record.responseFrame = this.#moment!.frameNumber;
    if (!readTlsServerHello(record, bytes, start, end)) record.malformed = true;
    this.#isTls13 = record.version !== null && isTls13(record.version);
    record.hello.resumed ??= this.#isTls13 ? false : null;
    if (this.#isTls13) {
      const tagBytes = record.hello.cipherSuite === CipherSuite.TLS_AES_128_CCM_8_SHA256 ? SHORT_TAG_BYTES : TAG_BYTES;
      this.#alertRecordBytes = INNER_ALERT_BYTES + tagBytes;
      // Earlier encrypted records of the client were early data.
      this.#clientPhase = Phase.Clear;
      return;
    }
    record.sessionTicketIssued = false;
    record.ocspStapled = false;
    record.clientCertificateRequested = false;
  }

  #serverMessage(type: number, bytes: Uint8Array, start: number, end: number): void {
    const record = this.#open();
    this.#markAnswered(record);
    if (readServerMessage(record, this.#moment!.frameNumber, type, bytes, start, end)) this.#isFull = true;
  }

  #clientMessage(type: number, bytes: Uint8Array, start: number, end: number): void {
    this.#isFull = true;
    if (type === HandshakeType.Certificate) readClientCertificate(this.#open(), bytes, start, end);
  }

  /**
   * Whether the server's cipher changed right after its hello, as in a resumed session (RFC 5246, section 7.3). Where a message between
   * the two may be lost, the session id decides; null if that is not known either.
   */
  #isResumed({ hello: { resumptionOffered } }: TlsRecord): boolean | null {
    if (this.#isFull) return false;
    if (!this.#hasLoss && !this.#isDatagram) return true;
    return this.#sessionIds.isResumed ?? (resumptionOffered === false ? false : null);
  }

  #open(): TlsRecord {
    return this.#row.open(this.#moment!.isFromServer);
  }

  /** Notes that the server responded, if it sent the current packet. */
  #markAnswered(record: TlsRecord): void {
    const { isFromServer, time } = this.#moment!;
    if (!isFromServer) return;
    if (record.state === State.UNANSWERED || record.state === State.UNSPECIFIED) record.state = State.INCOMPLETE;
    if (this.#isAnswered || !this.#hasClientHello) return;
    this.#isAnswered = true;
    record.latency = this.#row.nanosecondsTo(time);
  }

  #setAlertSender(record: TlsRecord): void {
    const { isFromServer, frameNumber } = this.#moment!;
    record.alertSender = isFromServer ? Side.SERVER : Side.CLIENT;
    record.alertFrame = frameNumber;
  }

  #end(record: TlsRecord, state: number): void {
    record.state = state;
    this.isOver = true;
  }

  /** The client encrypts before the server was seen: without an offer of early data, a response was not captured. */
  #markContinued(): void {
    const record = this.#open();
    if (!record.hello.earlyDataOffered) record.state = State.INCOMPLETE;
  }

  #protectedAlert(): void {
    const record = this.#open();
    if (!this.#hasClientHello || !this.#hasServerHello) {
      // Where one side was not captured, the alert may come after the handshake.
      this.#end(record, State.INCOMPLETE);
      return;
    }
    this.#setAlertSender(record);
    if (!this.#isTls13) {
      this.#end(record, State.FAILED);
      return;
    }
    // Data, such as early data of the client, may have the same length: then more records of this side follow.
    record.state = State.FAILED;
    this.#assumedAlert = record.alertSender!;
  }

  /** The assumed alert was not one. */
  #withdrawAlert(): void {
    const record = this.#open();
    record.state = State.INCOMPLETE;
    record.alertSender = null;
    record.alertFrame = null;
    this.#assumedAlert = Side.UNSPECIFIED;
  }

  /** Stops waiting for a side that is not seen while the other one continues. */
  #countUnanswered(): void {
    if (++this.#unansweredRecords < MAX_UNANSWERED_RECORDS) return;
    const isOneSided = this.#clientPhase === Phase.Clear || this.#serverPhase === Phase.Clear;
    if (!isOneSided) return;
    this.#open().state = State.INCOMPLETE;
    this.isOver = true;
  }
}
