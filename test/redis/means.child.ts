import { begin, end } from "../processes/processes.ts";
import { type Means, openByMeans } from "./means.ts";
import { bytes, textOf } from "./session-data.ts";

// Adds 1 so many times to a count, by one of the means that a handler has.

const { REDIS_URL: url = "", SESSION_ID: id = "", INCREMENTS, PROCESS_NAME } = process.env;
await using handlers = openByMeans(url, PROCESS_NAME as Means); // as the test names them
const { reader, writer } = handlers;
await reader.ping();
let conflicts = 0;
await begin();
for (let n = 0; n < Number(INCREMENTS); n += 1) while (!(await increment())) conflicts += 1;
end({ conflicts });

async function increment(): Promise<boolean> {
  const session = await reader.read(id);
  const data = bytes(`${Number(textOf(session)) + 1}`);
  return (await writer.write(id, data, { replaces: session?.version, ttlSeconds: 600 })).written;
}
