import { createReferenceHandler, createVirtualClock, handlerCases } from "sessionwire/testing";

/** The cases of a handler that is right and does not list, or of one that says true to every touch. */
export function cases() {
  const clock = createVirtualClock();
  const create = () => {
    const { list: _, ...handler } = createReferenceHandler({ clock });
    return process.env.BROKEN ? { ...handler, touch: async () => true } : handler;
  };
  return handlerCases({ create, advance: clock.advance, exceptions: { 31: "a store without a limit" } });
}
