import { createServer } from "node:net";
import { WireloomError } from "../../wireloom-error.js";
import { DEFAULT_LISTEN, listen } from "./listen.js";
import { formatAuthority, isLoopback, type ListenAddress, parseListenAddress } from "./listen-address.js";

/** Where a collector listens, and how. */
export interface ListenOptions {
  /** Such as `127.0.0.1:4870`; port 0 takes a free one. {@link DEFAULT_LISTEN} where absent. */
  readonly listen?: string;
  /** Certificate and key in PEM. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** Listen without TLS where other machines can connect. */
  readonly insecure?: boolean;
}

/** The address to listen on. Throws `usage` where it is not one, and where other machines reach it without TLS. */
export function permittedAddress({ listen, tls, insecure = false }: ListenOptions): ListenAddress {
  const address = parseListenAddress(listen ?? DEFAULT_LISTEN);
  if (tls !== undefined || insecure || isLoopback(address.host)) return address;
  throw new WireloomError(
    "usage",
    `${formatAuthority(address)} can be reached from other machines; give --tls-cert and --tls-key, or --insecure to go without encryption`,
  );
}

/** Checks whether a collector can listen, before anything is created for it. Throws as `startCollector` would. */
export async function checkListening(options: ListenOptions): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await listen(server, permittedAddress(options));
  await new Promise((resolve) => server.close(resolve));
}
