import { WireloomError } from "../wireloom-error.js";

/** The error for a capture that this user may not make. */
export function captureNotPermitted(interfaceName: string): WireloomError {
  return new WireloomError(
    "permission_denied",
    `capturing on ${interfaceName} needs CAP_NET_RAW; run as root or grant it with "setcap cap_net_raw=ep ${process.execPath}"`,
  );
}
