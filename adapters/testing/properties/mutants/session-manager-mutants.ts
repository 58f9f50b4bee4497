import { isSessionError } from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { managed } from "./broken-sessions.ts";

/** Managers with a replaced method. */
export function sessionManagerMutants(): Mutant<CreateManager>[] {
  return [
    managed(92, "ending a session by its id does nothing", () => ({ destroy: async () => {} })),
    managed(82, "an update that changes nothing writes", (sessions) => ({
      update: (id, change, options) =>
        sessions.update(
          id,
          (draft) => {
            draft.update("list", (list) => list);
            return change(draft);
          },
          options,
        ),
    })),
    managed(85, "an update sees the leftovers of an earlier one", (sessions) => {
      const shown = new Map<string, unknown>();
      return {
        async update(id, change, options) {
          const isKnown = shown.has(id);
          return sessions.update(
            id,
            (draft) => {
              if (isKnown) draft.set("list", shown.get(id) ?? []);
              const result = change(draft);
              shown.set(id, draft.get("list"));
              return result;
            },
            options,
          );
        },
      };
    }),
    managed(91, "half of the changes of an update are stored later", (sessions) => ({
      async update(id, change, options) {
        let later: unknown;
        const result = await sessions.update(
          id,
          (draft) => {
            const before = draft.get("twin") ?? [];
            const result = change(draft);
            later = draft.get("twin") ?? [];
            draft.set("twin", before);
            return result;
          },
          options,
        );
        await sessions.update(id, (draft) => draft.set("twin", later));
        return result;
      },
    })),
    managed(87, "an update without an answer is repeated", (sessions) => ({
      update: (id, change, options) =>
        sessions.update(id, change, options).catch((error) => {
          if (isSessionError(error) && error.outcome === "unknown") return sessions.update(id, change);
          throw error;
        }),
    })),
    managed(34, "an update whose function threw keeps its changes", (sessions) => ({
      async update(id, change, options) {
        const results: unknown[] = [];
        const result = await sessions.update(
          id,
          (draft) => {
            try {
              return change(draft);
            } catch (error) {
              results.push(error);
              return undefined as never; // it is not exposed
            }
          },
          options,
        );
        if (results.length > 0) throw results[0];
        return result;
      },
    })),
    managed(70, "every update leaves a timer of three seconds", (sessions, clock) => ({
      update(id, change, options) {
        clock.schedule(() => {}, 3000);
        return sessions.update(id, change, options);
      },
    })),
    managed(70, "the close leaves a timer", (sessions, clock) => ({
      async close() {
        await sessions.close();
        clock.schedule(() => {}, 100);
      },
    })),
  ];
}
