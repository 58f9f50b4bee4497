import { allAreas, type Result, run } from "./areas.ts";
import type { StoreSources } from "./stores.ts";

// The Worker that executes the cases. It has no server whose sockets ws could take, and stores over TCP are for others.

declare const navigator: { readonly userAgent: string };

interface Environment {
  readonly SOURCES: StoreSources;
  readonly ASK: { fetch(url: string, init: RequestInit): Promise<Response> };
}

export default {
  async fetch(_: Request, { SOURCES, ASK }: Environment): Promise<Response> {
    const ask = async (request: object) => {
      await ASK.fetch("http://test/", { method: "POST", body: JSON.stringify(request) });
    };
    const { sockets, crossws, Redis, Memcached, ...areas } = allAreas({ sources: SOURCES, ask });
    const results: Result[] = [];
    for await (const result of run(areas)) results.push(result);
    return Response.json({ version: navigator.userAgent, results });
  },
};
