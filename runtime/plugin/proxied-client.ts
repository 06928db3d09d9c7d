/** Who is behind a proxy, as the proxy says. */
export interface ProxiedClient {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}
