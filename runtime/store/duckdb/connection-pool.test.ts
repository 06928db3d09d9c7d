import type { DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { ConnectionPool, type PoolLimits } from "./connection-pool.js";

/** A pool of objects that are only told apart: what a connection does is not looked at here. */
function poolOf(limits: PoolLimits): ConnectionPool {
  return new ConnectionPool(async () => ({ closeSync: () => undefined }) as unknown as DuckDBConnection, limits);
}

describe("a pool of connections", () => {
  it("gives connections back to those who wait, in order", async () => {
    const pool = poolOf({ connections: 1 });
    const first = await pool.acquire();
    const order: string[] = [];
    const later = ["b", "c"].map(async (name) => {
      const connection = await pool.acquire();
      order.push(name);
      pool.release(connection);
    });
    pool.release(first);
    await Promise.all(later);
    expect(order).toEqual(["b", "c"]);
    await pool.close();
  });

  it("refuses at once when enough wait, and those who wait for too long", async () => {
    const pool = poolOf({ connections: 1, maxWaiting: 1, maxWaitMs: 20 });
    const first = await pool.acquire();
    const waiting = pool.acquire();
    await expect(pool.acquire()).rejects.toMatchObject({ code: "overloaded" });
    await expect(waiting).rejects.toMatchObject({ code: "overloaded" });
    pool.release(first);
    pool.release(await pool.acquire());
    await pool.close();
  });

  it("lets one go that does not want a connection any more", async () => {
    const pool = poolOf({ connections: 1 });
    const first = await pool.acquire();
    const gone = new AbortController();
    const waiting = pool.acquire(gone.signal);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ code: "canceled" });
    await expect(pool.acquire(gone.signal)).rejects.toMatchObject({ code: "canceled" });
    pool.release(first);
    await pool.close();
  });

  it("keeps nobody waiting for a connection that cannot be opened", async () => {
    let fail: () => void = () => undefined;
    const pool = new ConnectionPool(
      () =>
        new Promise((_, reject) => {
          fail = () => reject(new Error("no memory"));
        }),
      { connections: 1 },
    );
    const first = pool.acquire();
    const second = pool.acquire();
    const closed = pool.close().catch(() => undefined);
    fail();
    const results = await Promise.allSettled([first, second]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await closed;
  });

  it("closes when its connections are back, and refuses those who wait", async () => {
    const pool = poolOf({ connections: 1 });
    const first = await pool.acquire();
    const waiting = pool.acquire();
    const closed = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "unavailable" });
    await expect(pool.acquire()).rejects.toMatchObject({ code: "unavailable" });
    pool.release(first);
    await closed;
  });
});
