import cluster from "node:cluster";
import type { Said } from "./messages.ts";

/** One open page. */
export interface Tab {
  /** The process that has its socket; `undefined` if there is only one process. */
  readonly process: number | undefined;
  /** The number of the tab within its process. */
  readonly number: number;
  readonly person: string;
  readonly user: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly enteredAt: number;
}

/** The messages between the rooms of different processes. */
export type RoomNews =
  | { readonly type: "said"; readonly said: Said }
  | { readonly type: "renamed"; readonly person: string; readonly name: string }
  | { readonly type: "tabs"; readonly process: number; readonly tabs: readonly Tab[] };

/** The rooms of the other processes. */
export interface Neighbours {
  /** The number of this process; `undefined` if there are no others. */
  readonly process: number | undefined;
  tell(news: RoomNews): void;
  /** Calls the function with each message of the others. */
  subscribe(onNews: (news: RoomNews) => void): void;
}

/** Returns the other processes of {@link startProcesses}, which forwards the messages of each to the others. */
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
