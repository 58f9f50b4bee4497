import { defineConfig } from "vitest/config";
import { ofEveryProject, projects } from "./projects.ts";

/** The tiers run one after the other, and within one the projects that may share the machine. */
const tiers = ["quick", "servers", "slow"];

export default defineConfig({
  test: {
    root: import.meta.dirname,
    globalSetup: ["./build.ts"],
    reporters: ["default"],
    projects: projects.map(({ name, files, needs = [], isSerial = false }) => ({
      test: {
        name,
        root: import.meta.dirname,
        include: files.filter((glob) => !glob.startsWith("!")),
        exclude: files.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1)),
        globalSetup: [...needs],
        ...ofEveryProject,
        // Hundreds of broken versions in one process: transformed by the test runner, each stays in memory with its text.
        server: { deps: { external: [/\/\.broken-/] } },
        // Each file has its own servers and processes. Serial ones come last, alone on the machine.
        maxWorkers: isSerial ? 1 : 2,
        ...(isSerial && { maxConcurrency: 2 }), // for what starts processes and waits for them
        sequence: { groupOrder: 2 * tiers.findIndex((tier) => name.startsWith(tier)) + (isSerial ? 2 : 1) },
      },
    })),
  },
});
