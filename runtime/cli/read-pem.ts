import { readFile } from "node:fs/promises";
import { WireloomError } from "../wireloom-error.js";

/** Reads a certificate or key file. Throws `not_found` or `permission_denied`. */
export async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WireloomError(
      code === "EACCES" ? "permission_denied" : "not_found",
      `${path} cannot be read (${code}); check the path and its permissions`,
      { cause: error },
    );
  }
}
