import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts", "../examples/**/*.test.ts"],
    globalSetup: ["./setup.ts"],
    // The tests start real servers and freeze, kill and overload them: one file at a time, so that they do not starve each
    // other on a small machine.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
