import { type UserInfo, userInfo } from "node:os";
import { WireloomError } from "../wireloom-error.js";

/**
 * The user as which a process started by root continues. Files that the process keeps writing are opened as this user
 * ({@link ProcessUser.whileUser}), files that only root may open are opened as root, and then {@link ProcessUser.giveUpRoot} is called.
 */
export class ProcessUser {
  /** Id of the user. */
  readonly uid: number;
  readonly #name: string;

  private constructor(name: string, uid: number) {
    this.#name = name;
    this.uid = uid;
  }

  /**
   * Finds the user of `NAME` or `NAME:GROUP`, also by id, and takes on its groups; root remains the user until {@link giveUpRoot}. Undefined
   * without a name, or if the process already runs as this user. Throws `usage` for an unknown name or if the process is not root's, and
   * `permission_denied` if root may not change its user.
   */
  static enter(text: string | undefined): ProcessUser | undefined {
    if (text === undefined) return undefined;
    const [, name, group] = /^([^:]+)(?::([^:]+))?$/.exec(text) ?? [];
    if (name === undefined) throw new WireloomError("usage", `--user ${text} is not NAME or NAME:GROUP`);
    if (process.geteuid === undefined || process.seteuid === undefined) {
      throw new WireloomError("usage", "--user requires a system with Unix users; omit it here");
    }
    if (process.geteuid() !== 0) {
      if (group === undefined && isOwn(name)) return undefined;
      throw new WireloomError("usage", `--user ${text}: only root can become another user; run as root or omit it`);
    }
    const { uid, gid, username } = lookUp(name);
    if (uid === 0) throw new WireloomError("usage", `--user ${text} is root itself; name a user without privileges`);
    try {
      const id = groupId(group) ?? gid;
      initgroups(username, id);
      process.setgid!(id);
    } catch (cause) {
      if (group !== undefined && isUnknown(cause)) {
        throw new WireloomError("usage", `--user ${text}: group ${group} does not exist; give a group of this system`, {
          cause,
        });
      }
      throw notPermitted(text, cause);
    }
    return new ProcessUser(username, uid);
  }

  /** Runs `open` as the user, so that it creates the user's files and reports files that the user cannot write. */
  async whileUser<Result>(open: () => Promise<Result>): Promise<Result> {
    process.seteuid!(this.uid);
    try {
      return await open();
    } finally {
      process.seteuid!(0);
    }
  }

  /** Becomes the user permanently. */
  giveUpRoot(): void {
    process.setuid!(this.uid);
    if (process.getuid!() !== this.uid || process.geteuid!() !== this.uid) {
      throw new Error(`the process did not become ${this.#name}`);
    }
  }
}

/** Takes on every group of a user, and one more; missing from Node's types. */
function initgroups(user: string, extraGroup: string | number): void {
  (process as typeof process & { initgroups(user: string, extraGroup: string | number): void }).initgroups(
    user,
    extraGroup,
  );
}

/** A user as the system's database has it. */
type UserEntry = Pick<UserInfo<string>, "uid" | "gid" | "username">;

function lookUp(name: string): UserEntry {
  try {
    process.seteuid!(idOrName(name));
  } catch (cause) {
    if (isUnknown(cause)) throw unknownUser(name, cause);
    throw notPermitted(name, cause);
  }
  try {
    return effectiveUser();
  } catch (cause) {
    // An id without an entry can be taken on too, but its groups are only known from an entry.
    throw unknownUser(name, cause);
  } finally {
    process.seteuid!(0);
  }
}

/** The entry of the effective user from the system; throws if it does not have one. */
function effectiveUser(): UserEntry {
  const { gid, username } = userInfo();
  return { uid: process.geteuid!(), gid, username };
}

/** Whether a name or id is that of the user of the process, who may not have an entry. */
function isOwn(name: string): boolean {
  if (idOrName(name) === process.geteuid!()) return true;
  try {
    return effectiveUser().username === name;
  } catch {
    return false;
  }
}

/** A number is treated as an id, not as a name. */
function idOrName(name: string): string | number {
  return /^\d+$/.test(name) ? Number(name) : name;
}

function groupId(group: string | undefined): string | number | undefined {
  return group === undefined ? undefined : idOrName(group);
}

/** Whether the error reports an unknown name, or a number that is not an id. */
function isUnknown(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ERR_UNKNOWN_CREDENTIAL" || code === "ERR_OUT_OF_RANGE" || code === "EINVAL";
}

function unknownUser(name: string, cause: unknown): WireloomError {
  return new WireloomError("usage", `--user ${name}: the user does not exist; give a user of this system`, { cause });
}

function notPermitted(text: string, cause: unknown): WireloomError {
  const reason = cause instanceof Error && "code" in cause ? cause.code : cause;
  return new WireloomError(
    "permission_denied",
    `--user ${text}: root may not become another user here (${String(reason)}); give the process CAP_SETUID and CAP_SETGID`,
    { cause },
  );
}
