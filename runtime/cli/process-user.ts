import { userInfo } from "node:os";
import { WireloomError } from "../wireloom-error.js";

/**
 * The user that a process started by root goes on as. Files that it is to keep writing are opened as this user
 * ({@link ProcessUser.whileUser}), what only root may open as root, and then {@link ProcessUser.giveUpRoot}.
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
   * Finds the user of `NAME` or `NAME:GROUP` and takes its groups on; root stays the user until {@link giveUpRoot}. Undefined without a
   * name, or where the process runs as this user already. Throws `usage` on an unknown name and where the process is not root's.
   */
  static enter(text: string | undefined): ProcessUser | undefined {
    if (text === undefined) return undefined;
    const [, name, group] = /^([^:]+)(?::([^:]+))?$/.exec(text) ?? [];
    if (name === undefined) throw new WireloomError("usage", `--user ${text} is not NAME or NAME:GROUP`);
    if (process.geteuid === undefined || process.seteuid === undefined) {
      throw new WireloomError("usage", "--user needs a system with Unix users; leave it out here");
    }
    if (process.geteuid() !== 0) {
      if (group === undefined && userInfo().username === name) return undefined;
      throw new WireloomError(
        "usage",
        `--user ${text}: only root can become another user; run as root or leave it out`,
      );
    }
    const { uid, gid } = lookUp(name);
    if (uid === 0) throw new WireloomError("usage", `--user ${text} is root itself; name a user without privileges`);
    try {
      initgroups(name, group ?? gid);
      process.setgid!(group ?? gid);
    } catch (cause) {
      throw new WireloomError("usage", `--user ${text}: there is no group ${group}; name one of this system`, {
        cause,
      });
    }
    return new ProcessUser(name, uid);
  }

  /** Runs `open` as the user, so that the files it makes are the user's and the files it cannot write are reported. */
  async whileUser<Result>(open: () => Promise<Result>): Promise<Result> {
    process.seteuid!(this.uid);
    try {
      return await open();
    } finally {
      process.seteuid!(0);
    }
  }

  /** Becomes the user for good. */
  giveUpRoot(): void {
    process.setuid!(this.uid);
    if (process.getuid!() !== this.uid || process.geteuid!() !== this.uid) {
      throw new Error(`the process did not become ${this.#name}`);
    }
  }
}

/** Takes on every group of a user, and one more; Node's types leave it out. */
function initgroups(user: string, extraGroup: string | number): void {
  (process as typeof process & { initgroups(user: string, extraGroup: string | number): void }).initgroups(
    user,
    extraGroup,
  );
}

/** Ids of a user, as the system's database has them. */
function lookUp(name: string): { uid: number; gid: number } {
  try {
    // A number is taken for the id that it is, not for a name.
    process.seteuid!(/^\d+$/.test(name) ? Number(name) : name);
  } catch (cause) {
    throw new WireloomError("usage", `--user ${name}: there is no such user; name one of this system`, { cause });
  }
  try {
    // Node asks the system for the effective user's entry.
    return { uid: process.geteuid!(), gid: userInfo().gid };
  } finally {
    process.seteuid!(0);
  }
}
