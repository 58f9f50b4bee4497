import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts", "../examples/**/*.test.ts"],
    globalSetup: ["./setup.ts"],
    setupFiles: ["./stalls/watch.ts"],
    tags: [
      {
        name: "real-time",
        description: "Holds real servers to real time, which proves nothing while the machine stands still.",
        retry: { count: 2, condition: /^The machine stood still for/m },
      },
    ],
    // The tests start real servers and freeze, kill and overload them: one file at a time, so that they do not starve each
    // other on a small machine.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
