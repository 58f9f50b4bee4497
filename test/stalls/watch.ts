import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { beforeEach } from "vitest";

/**
 * Runs in every test file. Many tests hold a real server to real time, and so to a machine that gives them some. A shared one
 * can stand still for hundreds of milliseconds: then a deadline passes though nothing is wrong. What a thread of its own saw of
 * that is added to the message of a test that fails, and for files with the tag `real-time` the configuration takes it as a
 * reason to try again. A test that fails while the machine does run is never tried again.
 */
const total = new Int32Array(new SharedArrayBuffer(4));
const watching = `
  const { parentPort, workerData: total } = require("node:worker_threads");
  const everyMs = 10;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const lateMs = Math.round(now - last - everyMs);
    last = now;
    if (lateMs > 20) Atomics.add(total, 0, lateMs);
  }, everyMs);
  parentPort.postMessage("watching");
`;
const worker = new Worker(watching, { eval: true, workerData: total });
await once(worker, "message");
worker.unref();

const stalledMs = () => Atomics.load(total, 0);

beforeEach(({ onTestFailed, task }) => {
  const before = stalledMs();
  onTestFailed(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20)); // for the watching thread, which has stood still as well
    const ms = stalledMs() - before;
    const error = task.result?.errors?.at(-1);
    if (ms < 100 || !error) return;
    error.message += `\nThe machine stood still for ${ms} ms meanwhile.`;
    console.warn(`${task.name}: ${error.message}`);
  });
});
