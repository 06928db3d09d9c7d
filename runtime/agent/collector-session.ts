import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";

/** How an https collector's certificate is judged. */
export interface UplinkTls {
  /** Authorities in PEM. */
  readonly ca: string;
  /** Whether the certificate's name must be the URL's. */
  readonly checksName: boolean;
}

/** What answers at a collector's address and does not speak HTTP/2: {@link ConnectError.cause} of such a failure. */
export class NotHttp2Error extends Error {}

/**
 * One HTTP/2 session for one stream, as a transport's `sessionManager`. Whatever ends it is this stream's failure, and no event of it is
 * without a listener: what answers at the address need not be a collector.
 */
export class CollectorSession {
  readonly authority: string;
  readonly #session: ClientHttp2Session;
  readonly #connected: Promise<void>;
  #failure: ConnectError | undefined;

  constructor(url: string, tls: UplinkTls | undefined) {
    this.authority = new URL(url).origin;
    const session = connect(this.authority, tlsOptions(tls));
    this.#session = session;
    let hasSettings = false;
    let isConnected = false;
    session.once("remoteSettings", () => {
      hasSettings = true;
    });
    this.#connected = new Promise((resolve, reject) => {
      session.once("connect", () => {
        isConnected = true;
        resolve();
      });
      const fail = (cause: Error | undefined): void => {
        const reason =
          isConnected && !hasSettings
            ? new NotHttp2Error("what answers there does not speak HTTP/2", { cause })
            : (cause ?? new Error("the connection was closed"));
        this.#failure ??= new ConnectError(reason.message, Code.Unavailable, undefined, undefined, reason);
        reject(this.#failure);
      };
      session.on("error", fail);
      session.once("close", () => fail(undefined));
    });
    // It is for whoever makes a request.
    this.#connected.catch(() => undefined);
  }

  /** What ended the session, if it has ended: more precise than the error of its stream. */
  get failure(): ConnectError | undefined {
    return this.#failure;
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Omit<ClientSessionRequestOptions, "signal">,
  ): Promise<ClientHttp2Stream> {
    await this.#connected;
    if (this.#failure !== undefined) throw this.#failure;
    return this.#session.request({ ...headers, ":method": method, ":path": path }, options);
  }

  notifyResponseByteRead(): void {
    // Silence is noticed by what is received of the stream.
  }

  /** Ends the session with its stream. */
  destroy(): void {
    this.#session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }
}

function tlsOptions(tls: UplinkTls | undefined) {
  if (tls === undefined) return undefined;
  return { ca: tls.ca, ...(tls.checksName ? {} : { checkServerIdentity: () => undefined }) };
}
