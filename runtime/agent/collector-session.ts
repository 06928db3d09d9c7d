import { X509Certificate } from "node:crypto";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * How an https collector's certificate is judged: `ca` are the authorities in PEM that may vouch for it; `certificate` is the one that the
 * collector has, in PEM, whoever vouches for it and whatever its name and time.
 */
export type UplinkTls = { readonly ca: string } | { readonly certificate: string };

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
      session.once("connect", (_session, socket) => {
        if (isExpected(socket, tls)) {
          isConnected = true;
          resolve();
        } else session.destroy(new Error("another certificate than the collector's own answers there"));
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

/** Whether the peer has the one certificate that is given; authorities are checked before the connection is made. */
function isExpected(socket: Socket | TLSSocket, tls: UplinkTls | undefined): boolean {
  if (tls === undefined || !("certificate" in tls)) return true;
  const peer = "getPeerX509Certificate" in socket ? socket.getPeerX509Certificate() : undefined;
  return peer?.raw.equals(new X509Certificate(tls.certificate).raw) ?? false;
}

function tlsOptions(tls: UplinkTls | undefined) {
  if (tls === undefined) return undefined;
  return "ca" in tls ? { ca: tls.ca } : { rejectUnauthorized: false };
}
