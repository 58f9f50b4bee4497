import type { SessionHandler } from "sessionwire";
import { type Decorated, decorateHandler } from "sessionwire/backend";

/** Tells how every operation ends: a decorator as somebody writes it who knows nothing of the laws. */
export function withLog<H extends SessionHandler>(handler: H, log: (line: string) => unknown): Decorated<H> {
  return decorateHandler(handler, {
    async operation({ name }, next) {
      try {
        const result = await next();
        await log(`${name} was answered`);
        return result;
      } catch (error) {
        await log(`${name} failed`);
        throw error;
      }
    },
  });
}
