import { compressionQuestions } from "./decorators/compression.ts";
import { encryptionQuestions } from "./decorators/encryption.ts";
import { hashedKeysRows } from "./decorators/hashed-keys.ts";
import { passingRows } from "./decorators/passing.ts";
import { runBench } from "./tools/bench.ts";
import { compareRows } from "./tools/slices.ts";

// The cost of single decorators around the memory, which has no network to hide it.
await runBench(async ({ report, pick }) => {
  const effort = { rounds: pick(9, 1), sliceMs: pick(100, 2), concurrency: 1 };
  const hashed = await hashedKeysRows(pick(50_000, 200));
  report.add(await compareRows("decorator-hashed-keys", "read through hashed keys", hashed, effort));
  const passing = await passingRows();
  report.add(await compareRows("decorator-passing", "read 1 KB, with nothing to do", passing, effort));
  for (const { id, title, rows } of [...(await compressionQuestions()), ...(await encryptionQuestions())]) {
    report.add(await compareRows(`decorator-${id}`, title, rows, effort));
  }
});
