/**
 * Lets this process stand still, as a long collection of garbage or a large JSON does, once what has been begun has been sent, which
 * takes it so many turns of the event loop. Until it ends, the process hears of nothing; and what arrives meanwhile waits in its sockets.
 */
export async function standStill(ms: number, turns = 1): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // at work, and for nobody else
  }
}
