import { WireloomError } from "../wireloom-error.js";

/** The error if this user may not capture. */
export function captureNotPermitted(interfaceName: string): WireloomError {
  return new WireloomError(
    "permission_denied",
    `capturing on ${interfaceName} needs CAP_NET_RAW; run the command with sudo (and with --user to give root up once it captures), or as a systemd unit with AmbientCapabilities=CAP_NET_RAW`,
  );
}
