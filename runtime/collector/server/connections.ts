import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/** Milliseconds that a client has to close a connection that the server has ended. */
const HALF_OPEN_MS = 10_000;

/** The open connections of a server, so that closing it need not wait for clients. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();

  /** Ends HTTP/1.1 connections that carry no request. */
  closeIdle: () => void = () => undefined;

  addSocket(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("finish", () => {
      const timer = setTimeout(() => socket.destroy(), HALF_OPEN_MS).unref();
      socket.once("close", () => clearTimeout(timer));
    });
    socket.once("close", () => this.#sockets.delete(socket));
  }

  addSession(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.once("close", () => this.#sessions.delete(session));
  }

  /** Asks HTTP/2 clients to close after their open streams. */
  closeSessions(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Destroys the connections that are still open. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }
}
