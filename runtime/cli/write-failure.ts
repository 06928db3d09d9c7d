import { WireloomError } from "../wireloom-error.js";

/** The error for an output that cannot be written, from the error of the operating system. */
export function writeFailure(name: string, cause: unknown): WireloomError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new WireloomError(
        "unavailable",
        `${name} cannot be written: no space is left; make room or write elsewhere`,
        {
          cause,
        },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new WireloomError(
        "permission_denied",
        `${name} cannot be written: permission denied; write elsewhere or change the folder's mode`,
        { cause },
      );
    case "ENOENT":
    case "ENOTDIR":
      return new WireloomError("not_found", `${name} cannot be written: its folder does not exist; create it first`, {
        cause,
      });
    case "EISDIR":
      return new WireloomError("invalid_argument", `${name} is a directory; name a file in it`, { cause });
    default:
      return new WireloomError("unavailable", `${name} cannot be written (${String(code ?? cause)}); write elsewhere`, {
        cause,
      });
  }
}
