import { afterAll, beforeAll } from "vitest";

/** Broken versions leave rejections behind that nobody handles, which is no failure where they are looked for. */
export function ignoreUnhandledRejections(): void {
  const listeners = process.listeners("unhandledRejection");

  beforeAll(() => {
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", () => {});
  });

  afterAll(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  });
}
