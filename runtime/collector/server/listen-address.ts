import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { WireloomError } from "../../wireloom-error.js";

/** Where a collector listens. */
export interface ListenAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/**
 * The address of text such as `127.0.0.1:4870`, `[::1]:4870`, `localhost:0` or `:4870`, which is every interface.
 * Throws a {@link WireloomError} `usage` on anything else.
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const [, bracketed, plain] = match ?? [];
  if (match === null || port > 65535 || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    throw new WireloomError(
      "usage",
      `${JSON.stringify(text)} is not an address to listen on; give one such as 127.0.0.1:4870 or [::1]:4870`,
    );
  }
  return { host: bracketed ?? (plain === "" ? "::" : plain!), port };
}

/** Whether only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
}

/** Host and port as URLs write them. */
export function formatAuthority({ host, port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
