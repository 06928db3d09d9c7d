import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{codegen,runtime,plugins,test}/**/*.test.ts"],
    // Many files wait for processes and timers more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    // These end tests that hang, on the slowest machine as well; none is to fail for its time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
