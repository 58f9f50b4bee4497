import type { SocketSession } from "sessionwire/ws";
import { WebSocket } from "ws";
import type { ChatAttributes } from "./attributes.ts";
import type { News, Said } from "./messages.ts";
import type { Neighbours, RoomNews, Tab } from "./neighbours.ts";
import type { RateLimit } from "./rate-limit.ts";

/** A tab of a person, with its socket. */
export interface Member {
  /** The number of the tab within this process. */
  readonly number: number;
  readonly socket: WebSocket;
  readonly session: SocketSession<ChatAttributes>;
  readonly limit: RateLimit;
  /** Milliseconds since 1970. */
  readonly enteredAt: number;
  readonly person: string;
  readonly user: string;
  /** The name when the member last joined or acted; the session is authoritative. */
  name: string;
}

const keptMessages = 50;

/** The only room: its members, in this process and in the others, and its latest messages. */
export class Room {
  readonly #neighbours: Neighbours;
  readonly #members = new Map<WebSocket, Member>();
  /** The members of other processes, by process. */
  readonly #tabsElsewhere = new Map<number, readonly Tab[]>();
  readonly #said: Said[] = [];
  #onChange: () => void = () => {};

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
    neighbours.subscribe((news) => this.#hear(news));
  }

  get process(): number | undefined {
    return this.#neighbours.process;
  }

  get said(): readonly Said[] {
    return this.#said;
  }

  /** The members whose sockets are in this process. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** All open tabs, in all processes. */
  get tabs(): readonly Tab[] {
    return [this.#tabsHere(), ...this.#tabsElsewhere.values()].flat();
  }

  memberOf(socket: WebSocket): Member | undefined {
    return this.#members.get(socket);
  }

  /** Calls the function whenever somebody has joined or left. */
  subscribe(onChange: () => void): void {
    this.#onChange = onChange;
  }

  enter(member: Member): void {
    this.#members.set(member.socket, member);
    this.#changed();
  }

  leave({ socket }: Member): void {
    if (this.#members.delete(socket)) this.#changed();
  }

  say(said: Said): void {
    this.#neighbours.tell({ type: "said", said });
    this.#keep(said);
  }

  /** Reports a new name to all tabs of the person. */
  rename(person: string, name: string): void {
    this.#neighbours.tell({ type: "renamed", person, name });
    this.#setName(person, name);
  }

  #hear(news: RoomNews): void {
    if (news.type === "said") this.#keep(news.said);
    else if (news.type === "renamed") this.#setName(news.person, news.name);
    else {
      this.#tabsElsewhere.set(news.process, news.tabs);
      this.#tellPeople();
    }
  }

  #keep(said: Said): void {
    this.#said.push(said);
    if (this.#said.length > keptMessages) this.#said.shift();
    this.#tellAll({ type: "said", said });
  }

  #setName(person: string, name: string): void {
    for (const member of this.members.filter((other) => other.person === person)) {
      member.name = name;
      tell(member.socket, { type: "renamed", name });
    }
    this.#changed();
  }

  /** Reports that somebody has joined, left or changed in this process. */
  #changed(): void {
    const { process } = this;
    if (process !== undefined) this.#neighbours.tell({ type: "tabs", process, tabs: this.#tabsHere() });
    this.#tellPeople();
  }

  /** Sends the list of people, with each user once, however many tabs and browsers they have. */
  #tellPeople(): void {
    const names = new Map(this.tabs.map(({ user, name }) => [user, name]));
    this.#tellAll({ type: "people", names: [...names.values()] });
    this.#onChange();
  }

  #tellAll(news: News): void {
    for (const { socket } of this.members) tell(socket, news);
  }

  #tabsHere(): readonly Tab[] {
    return this.members.map(({ number, person, user, name, enteredAt }) => ({
      process: this.process,
      number,
      person,
      user,
      name,
      enteredAt,
    }));
  }
}

/** Sends to a socket, if it is open. */
export function tell(socket: WebSocket, news: News): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(news));
}
