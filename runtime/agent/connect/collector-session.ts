import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";

/** The server at a collector's address does not speak HTTP/2; the {@link ConnectError.cause} of such a failure. */
export class NotHttp2Error extends Error {}

/**
 * One HTTP/2 session for one stream, as a transport's `sessionManager`. Whatever ends the session fails this stream. Every event
 * has a listener, because the server at the address may be anything.
 */
export class CollectorSession {
  readonly authority: string;
  readonly #session: ClientHttp2Session;
  readonly #connected: Promise<void>;
  #failure: ConnectError | undefined;

  /** `tlsCa` are the authorities, in PEM, that may vouch for an https collector instead of the usual ones. */
  constructor(url: string, tlsCa: string | undefined) {
    this.authority = new URL(url).origin;
    const session = connect(this.authority, tlsCa === undefined ? undefined : { ca: tlsCa });
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
    // The requests report it.
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
    // Silence is detected by the bytes that the stream receives.
  }

  /** Ends the session with its stream. */
  destroy(): void {
    this.#session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }
}
