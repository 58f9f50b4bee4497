import { connect } from "./sessions/connections.ts";
import { runBench } from "./tools/bench.ts";
import { type BenchProcess, startProcess } from "./tools/children.ts";
import { compareWriters, writersColumns } from "./writers/compare.ts";

// Many writers that each increment a count in a session, again and again: in one process and in several, on one session
// and on a thousand. The floor reads and writes without a condition, and so loses concurrent writes.
const questions = [
  { processes: 1, writers: 16, sessions: 1 },
  { processes: 1, writers: 64, sessions: 1 },
  { processes: 2, writers: 1, sessions: 1 },
  { processes: 4, writers: 1, sessions: 1 },
  { processes: 4, writers: 16, sessions: 1 },
  { processes: 8, writers: 16, sessions: 1 },
  { processes: 1, writers: 64, sessions: 1000 },
  { processes: 4, writers: 16, sessions: 1000 },
];

await runBench(async ({ redis, report, pick }) => {
  const connections = await connect(redis.url);
  const processes: BenchProcess[] = [];
  for (const question of questions) {
    while (processes.length < question.processes) {
      processes.push(
        await startProcess(new URL("./writers/writer.child.ts", import.meta.url), { REDIS_URL: redis.url }),
      );
    }
    const effort = { ...question, rounds: pick(3, 1), milliseconds: pick(question.processes === 1 ? 500 : 1000, 20) };
    report.add({
      id: `writers-${question.processes}x${question.writers}-${question.sessions}`,
      title: titleOf(question),
      columns: writersColumns,
      rows: await compareWriters(connections, processes.slice(0, question.processes), effort),
    });
  }
  await Promise.all(processes.map((process) => process.end()));
});

function titleOf({ processes, writers, sessions }: (typeof questions)[number]): string {
  const where = processes === 1 ? "1 process" : `${processes} processes`;
  return `${sessions === 1 ? "One session" : "1,000 sessions"}: ${where} × ${writers}`;
}
