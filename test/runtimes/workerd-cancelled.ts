import type { WorkerdHost } from "./workerd-host.ts";
import type { HeldQuestion, HeldStore } from "./workerd-store.ts";
import { type Answered, saidIn, soonAnswersTo, Visits } from "./workerd-visits.ts";

/** What came of a write that four visits share, and whose request is cancelled. */
export interface SharedWrite {
  readonly visits: Visits;
  readonly write: HeldQuestion;
  /** Of all but the one that was cancelled. */
  readonly answers: readonly Answered[];
  readonly said: { readonly first?: string | undefined; readonly together: string[]; readonly later: string[] };
}

/** Lets visits come while another one writes, so that they go together, and cancels the one that writes for them. */
export async function cancelSharedWrite(
  worker: WorkerdHost,
  store: HeldStore,
  format: string,
  act: (write: HeldQuestion) => void,
): Promise<SharedWrite> {
  const visits = await Visits.create(worker, format);
  const alone = store.hold("write");
  const first = await visits.sendAll(1);
  await alone.arrived;
  const together = await visits.sendAll(1);
  together.push(...(await visits.sendAll(3)));
  const write = store.hold("write");
  alone.release();
  await write.arrived;
  const later = await visits.sendAll(2);
  act(write);
  together[0]?.cancel();
  await write.left;
  const answers = await soonAnswersTo([...first, ...together.slice(1), ...later]);
  const said = saidIn(answers);
  return { visits, write, answers, said: { first: said[0], together: said.slice(1, 4), later: said.slice(4) } };
}

/** Lets two requests read without an answer and cancels the older one. Says what the other one was told. */
export async function cancelOlderRead(worker: WorkerdHost, store: HeldStore): Promise<string[]> {
  const visits = await Visits.create(worker, "hasty");
  const [read, laterRead] = [store.hold("read"), store.hold("read")];
  const [older] = await visits.sendAll(1, "open");
  await read.arrived;
  const later = await visits.sendAll(1, "open");
  await laterRead.arrived;
  older?.cancel();
  await read.left;
  const said = saidIn(await soonAnswersTo(later));
  laterRead.release();
  return said;
}
