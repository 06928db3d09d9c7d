import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

/** A path to a TCP server that can die like a cut cable: nothing arrives from then on, and no side is notified. */
export interface FreezableProxy {
  readonly port: number;
  /** Keeps every byte of both directions, and takes new connections without serving them. */
  freeze(): void;
  /** Serves new connections; those that were frozen stay dead. */
  thaw(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a port of this machine; what clients send passes at `bytesPerSecond`. */
export async function startFreezableProxy(
  targetPort: number,
  bytesPerSecond = Number.POSITIVE_INFINITY,
): Promise<FreezableProxy> {
  let isFrozen = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    keep(client);
    if (isFrozen) return;
    const target = connect(targetPort, "127.0.0.1");
    keep(target);
    if (bytesPerSecond === Number.POSITIVE_INFINITY) client.pipe(target);
    else client.pipe(slowLine(bytesPerSecond)).pipe(target);
    target.pipe(client);
  });
  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    thaw() {
      isFrozen = false;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function slowLine(bytesPerSecond: number): Transform {
  return new Transform({
    highWaterMark: 4096,
    transform(chunk: Buffer, _, done) {
      setTimeout(() => done(null, chunk), (chunk.length / bytesPerSecond) * 1000);
    },
  });
}
