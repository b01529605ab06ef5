import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Many tests wait for a database or a server rather than for a core.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ["test/prepare-data-directory.ts"],
    // A database at work on two cores beside the other tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
