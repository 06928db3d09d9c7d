import type { AddressInfo, Server } from "node:net";
import { WireloomError } from "../../wireloom-error.js";
import { formatAuthority, type ListenAddress } from "./listen-address.js";

/** Where the collector listens unless another address is given. */
export const DEFAULT_LISTEN = "127.0.0.1:4870";

/**
 * Starts listening and returns the address. Throws a {@link WireloomError} `address_in_use`, `permission_denied` or `unavailable`
 * where it cannot.
 */
export function listen(server: Server, { host, port }: ListenAddress): Promise<ListenAddress> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(listenError({ host, port }, cause)));
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      // A failed accept (no file descriptor left) does not end the server.
      server.on("error", () => undefined);
      // A server that listens on a host and port has an address of this form.
      resolve({ host, port: (server.address() as AddressInfo).port });
    });
  });
}

function listenError(address: ListenAddress, cause: NodeJS.ErrnoException): WireloomError {
  const where = formatAuthority(address);
  switch (cause.code) {
    case "EADDRINUSE":
      return new WireloomError(
        "address_in_use",
        `${where} is in use by another program; stop it, or listen elsewhere with --listen, such as --listen 127.0.0.1:4871 (npm start -- --listen 127.0.0.1:4871)`,
        { cause },
      );
    case "EACCES":
      return new WireloomError("permission_denied", `this user may not listen on ${where}; take a port above 1023`, {
        cause,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new WireloomError(
        "unavailable",
        `${where} is not an address of this machine; give one that is, such as ${DEFAULT_LISTEN}`,
        { cause },
      );
    default:
      return new WireloomError("unavailable", `cannot listen on ${where}: ${cause.message}`, { cause });
  }
}
