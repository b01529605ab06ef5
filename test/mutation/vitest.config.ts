import { defineConfig } from "vitest/config";

/**
 * The tests of the pure core alone, which need no database, as `npm run mutation` runs them: once for each of thousands
 * of mutants. The properties are tried a few times only; what they find in a mutant they mostly find at once.
 */
export default defineConfig({
  test: {
    include: ["test/machines/**/*.test.ts"],
    // It measures how long large networks take.
    exclude: ["test/machines/preflight-large.test.ts"],
    env: { PROPERTY_RUNS: "25" },
    testTimeout: 60_000,
  },
});
