import cluster from "node:cluster";
import type { Said } from "./messages.ts";

/** One open page. */
export interface Tab {
  /** The process that has its socket; `undefined` where there is one only. */
  readonly process: number | undefined;
  /** Counts the tabs of a process. */
  readonly number: number;
  readonly person: string;
  readonly user: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly enteredAt: number;
}

/** What the room of one process tells those of the others. */
export type RoomNews =
  | { readonly type: "said"; readonly said: Said }
  | { readonly type: "renamed"; readonly person: string; readonly name: string }
  | { readonly type: "tabs"; readonly process: number; readonly tabs: readonly Tab[] };

/** The rooms of the other processes. */
export interface Neighbours {
  /** The number of this process; `undefined`: there are no others. */
  readonly process: number | undefined;
  tell(news: RoomNews): void;
  /** Calls the function with whatever the others tell. */
  subscribe(onNews: (news: RoomNews) => void): void;
}

/** The other processes of {@link startProcesses}, which passes on what one of them sends. */
export function findNeighbours(): Neighbours {
  return {
    process: cluster.worker?.id,
    tell(news) {
      if (cluster.worker?.isConnected()) cluster.worker.send(news);
    },
    subscribe(onNews) {
      cluster.worker?.on("message", onNews);
    },
  };
}
