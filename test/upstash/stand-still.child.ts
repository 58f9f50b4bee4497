import { createUpstashHandler } from "sessionwire/upstash";
import { standStill } from "../faults/stand-still.ts";
import { begin, end } from "../processes/processes.ts";

// Reads twenty times while it stands still for longer than a call may take. Says what the reads came to, by `fetch` alone and by the
// handler.

await begin();
const { url = "", token = "", id = "" } = JSON.parse(process.env.STORE ?? "{}");
await using handler = createUpstashHandler({ url, token });
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const bareGet = async () => {
  const signal = AbortSignal.timeout(2000);
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(["get", id]), signal });
  return response.json();
};
const report: string[][] = [];
for (const read of [bareGet, () => handler.read(id)]) {
  const twenty = () => Promise.allSettled(Array.from({ length: 20 }, read));
  await twenty(); // opens the connections
  const reads = twenty();
  await standStill(2100, 50); // `fetch` needs some to send a request
  report.push((await reads).map((result) => (result.status === "rejected" ? result.reason.name : "answered")));
}
end(report);
