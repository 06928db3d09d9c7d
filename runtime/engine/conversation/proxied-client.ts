/** The client named by a PROXY header. */
export interface ProxiedClient {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}
