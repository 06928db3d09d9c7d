import {
  AlertDescription,
  AlertLevel,
  CipherSuite,
  Side,
  State,
  type TlsRecord,
} from "../../../generated/tls/record.js";
import type { Output, Timestamp } from "../../../runtime/plugin/index.js";
import { readClientCertificate, readServerMessage } from "./flight-messages.js";
import { HandshakeType } from "./handshake-messages.js";
import { HandshakeRow } from "./handshake-row.js";
import { isHelloRetryRequest } from "./server-hello.js";
import { SessionIds } from "./session-ids.js";
import { readSsl2ClientHello, readSsl2ServerHello } from "./ssl2.js";
import { readPartialClientHello, readTlsClientHello, readTlsServerHello } from "./tls-hellos.js";
import { isTls13 } from "./versions.js";

/** The packet at hand. */
export interface Moment {
  readonly isFromServer: boolean;
  readonly time: Timestamp;
  readonly frameNumber: number;
}

/** How far one side came. */
const Phase = { Clear: 0, ChangedCipher: 1, Encrypts: 2 } as const;

/** Level, description and type of an encrypted alert of TLS 1.3 (RFC 8446, section 5.2). */
const INNER_ALERT_BYTES = 3;
/** Bytes of a cipher suite's tag, of TLS_AES_128_CCM_8_SHA256 and of the others (RFC 8446, appendix B.4). */
const SHORT_TAG_BYTES = 8;
const TAG_BYTES = 16;

/** Records that a side encrypts, while the other side is not seen, until the other side is given up. */
const MAX_UNANSWERED_RECORDS = 8;

/**
 * One handshake: what both sides' messages, alerts and protected records say goes into its row. It is over once both sides encrypt or an
 * alert ends it. Between {@link begin} and {@link close}, which surround each call of the decoder, the row is at hand.
 */
export class Handshake {
  /** Nothing more is wanted of the connection. */
  isOver = false;
  /** Called before an alert, or what is not TLS, ends a handshake of which no hello was seen whole. */
  onFailure: () => void = () => {};
  readonly #isDatagram: boolean;
  readonly #row: HandshakeRow;
  #moment: Moment | undefined;
  #hasClientHello = false;
  #hasServerHello = false;
  /** The server answered, if only to ask for another ClientHello. */
  #isAnswered = false;
  #isTls13 = false;
  /** Length of an encrypted record that holds an alert. */
  #alertRecordBytes = 0;
  /** Side whose encrypted record, the last one of it, is an alert by its length alone. */
  #assumedAlert: number = Side.UNSPECIFIED;
  /** A message was seen that is left out where a session is resumed. */
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

  /** The packet at hand, until {@link close}. */
  begin(moment: Moment): void {
    this.#moment = moment;
  }

  /** Ends what {@link begin} began: the row goes out when the handshake is over. */
  close(): void {
    this.#moment = undefined;
    // What the sender of a datagram holds waits for the other side, which of a server is the client: its row goes out at once.
    const isOfServer = this.#isDatagram && this.#hasServerHello && !this.#hasClientHello;
    if (isOfServer) this.isOver = true;
    this.#row.close(this.isOver, isOfServer);
    if (this.#row.isGone) this.isOver = true;
  }

  /** A message in the clear: its type and body, which is empty for types that are not read. */
  message(type: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.isOver) return;
    const { isFromServer } = this.#moment!;
    if (type === HandshakeType.ClientHello) this.#clientHello(bytes, start, end);
    else if (type === HandshakeType.ServerHello) this.#serverHello(bytes, start, end);
    else if (!this.hasBegun) return;
    else if (isFromServer) this.#serverMessage(type, bytes, start, end);
    else this.#clientMessage(type, bytes, start, end);
  }

  /** ChangeCipherSpec, which in TLS 1.3 means nothing (RFC 8446, appendix D.4). */
  changeCipherSpec(): void {
    if (this.isOver || this.#isTls13 || !this.hasBegun) return;
    const { isFromServer } = this.#moment!;
    if (isFromServer) {
      const record = this.#open();
      if (this.#hasServerHello) record.resumed = this.#isResumed(record);
      this.#serverPhase = Phase.ChangedCipher;
    } else {
      if (!this.#hasServerHello) this.#markContinued();
      this.#clientPhase = Phase.ChangedCipher;
    }
  }

  /** An alert in the clear (RFC 8446, section 6). */
  alert(level: number, description: number): void {
    const isEnd = level === AlertLevel.FATAL || description === AlertDescription.CLOSE_NOTIFY;
    if (isEnd && !this.hasBegun) this.onFailure();
    if (this.isOver || !this.hasBegun) return;
    const record = this.#open();
    record.alert = description;
    record.alertLevel = level;
    this.#setAlertSender(record);
    this.#answered(record);
    if (isEnd) this.#end(record, State.FAILED);
  }

  /** True once the server has chosen TLS 1.3. */
  get isTls13(): boolean {
    return this.#isTls13;
  }

  /** A message in the clear of which the rest will not come, or is lost where `isLost`. */
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

  /** Bytes of the server's messages in the clear are lost. */
  loseOfServer(): void {
    this.#hasLoss = true;
  }

  /** True when the side at hand encrypts its records, or those of this kind. */
  isProtected(isApplicationData: boolean): boolean {
    if (isApplicationData) return true;
    return !this.#isTls13 && (this.#moment!.isFromServer ? this.#serverPhase : this.#clientPhase) > Phase.Clear;
  }

  /** An encrypted record. `isAlert` where it is one, be it by its type or, in TLS 1.3, by its length. */
  protectedRecord(isAlert: boolean): void {
    if (this.isOver) return;
    if (!this.hasBegun) {
      // The connection was under way when it was first seen.
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
    // An alert is the last that a side sends.
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

  /** What follows is not of this protocol, or breaks it: the row goes out as it stands. */
  breakOff(): void {
    if (!this.hasBegun) this.onFailure();
    if (this.isOver) return;
    if (this.hasBegun) {
      const record = this.#open();
      record.malformed = true;
      this.#answered(record);
    }
    this.isOver = true;
  }

  /** The connection ended, in a packet of this side: the row goes out as it stands. */
  end(isFromServer: boolean): void {
    if (this.isOver) return;
    if (this.hasBegun) this.#row.open(isFromServer);
    this.isOver = true;
    this.#row.close(true, false);
  }

  /** No more can be learned: the row goes out as it stands. */
  giveUp(): void {
    if (this.isOver) return;
    if (this.hasBegun) this.#open();
    this.isOver = true;
  }

  /** The message exceeds the reassembly limit. */
  markOmitted(): void {
    if (this.isOver || !this.hasBegun) return;
    // Of the messages only certificates are that long.
    this.#isFull = true;
    this.#open().certificateFingerprints.overflowed = true;
  }

  /** True when an encrypted record, of application data by its type, is an alert by its length. */
  isAlertLength(lengthBytes: number): boolean {
    return this.#isTls13 && lengthBytes === this.#alertRecordBytes;
  }

  /** A ClientHello as of SSL 2.0, whole at `at`. */
  ssl2ClientHello(bytes: Uint8Array, at: number): void {
    if (this.#hasClientHello) return;
    this.#hasClientHello = true;
    readSsl2ClientHello(this.#open(), bytes, at);
  }

  /** A ServerHello of SSL 2.0, whole at `at`, after which the handshake is not followed. */
  ssl2ServerHello(bytes: Uint8Array, at: number): void {
    const record = this.#open();
    this.#answered(record);
    record.responseFrame = this.#moment!.frameNumber;
    readSsl2ServerHello(record, bytes, at);
    this.isOver = true;
  }

  #clientHello(bytes: Uint8Array, start: number, end: number): void {
    // Another one repeats the first, or begins a renegotiation.
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
    this.#answered(record);
    if (isHelloRetryRequest(bytes, start, end)) {
      this.#isTls13 = true;
      record.helloRetries++;
      return;
    }
    this.#hasServerHello = true;
    this.#hasLoss = false;
    this.#sessionIds.choose(bytes, start, end);
    record.state = State.INCOMPLETE;
    record.responseFrame = this.#moment!.frameNumber;
    if (!readTlsServerHello(record, bytes, start, end)) record.malformed = true;
    this.#isTls13 = record.version !== null && isTls13(record.version);
    record.resumed ??= this.#isTls13 ? false : null;
    if (this.#isTls13) {
      const tagBytes = record.cipherSuite === CipherSuite.TLS_AES_128_CCM_8_SHA256 ? SHORT_TAG_BYTES : TAG_BYTES;
      this.#alertRecordBytes = INNER_ALERT_BYTES + tagBytes;
      // What the client encrypted before was early data.
      this.#clientPhase = Phase.Clear;
      return;
    }
    record.sessionTicketIssued = false;
    record.ocspStapled = false;
    record.clientCertificateRequested = false;
  }

  #serverMessage(type: number, bytes: Uint8Array, start: number, end: number): void {
    const record = this.#open();
    this.#answered(record);
    if (readServerMessage(record, this.#moment!.frameNumber, type, bytes, start, end)) this.#isFull = true;
  }

  #clientMessage(type: number, bytes: Uint8Array, start: number, end: number): void {
    this.#isFull = true;
    if (type === HandshakeType.Certificate) readClientCertificate(this.#open(), bytes, start, end);
  }

  /**
   * True where the server's cipher changed right after its hello, as where a session is resumed (RFC 5246, section 7.3). Where something between
   * the two may be lost, the session's id shows it; null where that does not either.
   */
  #isResumed({ resumptionOffered }: TlsRecord): boolean | null {
    if (this.#isFull) return false;
    if (!this.#hasLoss && !this.#isDatagram) return true;
    return this.#sessionIds.isResumed ?? (resumptionOffered === false ? false : null);
  }

  #open(): TlsRecord {
    return this.#row.open(this.#moment!.isFromServer);
  }

  /** The server said something. */
  #answered(record: TlsRecord): void {
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

  /** The client encrypts before the server was seen: what it does not offer early comes after an answer that was not captured. */
  #markContinued(): void {
    const record = this.#open();
    if (!record.earlyDataOffered) record.state = State.INCOMPLETE;
  }

  #protectedAlert(): void {
    const record = this.#open();
    if (!this.#hasClientHello || !this.#hasServerHello) {
      // Of a connection one side of which was not captured, the alert may as well come after the handshake.
      this.#end(record, State.INCOMPLETE);
      return;
    }
    this.#setAlertSender(record);
    if (!this.#isTls13) {
      this.#end(record, State.FAILED);
      return;
    }
    // Data may have as many bytes, as early data of the client has: if so, more comes of this side.
    record.state = State.FAILED;
    this.#assumedAlert = record.alertSender!;
  }

  /** What was taken for an alert was not one. */
  #withdrawAlert(): void {
    const record = this.#open();
    record.state = State.INCOMPLETE;
    record.alertSender = null;
    record.alertFrame = null;
    this.#assumedAlert = Side.UNSPECIFIED;
  }

  /** Gives a side up that is not seen while the other one continues. */
  #countUnanswered(): void {
    if (++this.#unansweredRecords < MAX_UNANSWERED_RECORDS) return;
    const isOneSided = this.#clientPhase === Phase.Clear || this.#serverPhase === Phase.Clear;
    if (!isOneSided) return;
    this.#open().state = State.INCOMPLETE;
    this.isOver = true;
  }
}
