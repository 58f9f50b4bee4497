import { withHashedKeys, withMigration } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { idsOf } from "sessionwire/testing";
import { expect, test } from "vitest";
import { type Process, startProcess } from "../../processes/processes.ts";
import { openScene } from "../../redis/scene.ts";
import { passTime } from "../../servers/redis-time.ts";
import { enter, post, sessionOf } from "./application.ts";

const { server } = await openScene();

const SESSIONS = 32;
/** Of sessions that nobody uses. */
const IDLE = 4;
/** In each round, so many of them end. */
const SIGN_OUTS = 3;
/** Of each session in each process, in a round. */
const VISITS = 2;

interface Application extends Process {
  readonly url: string;
}

test("sessions of connect-redis move to hashed keys while old and new processes use them, and in the end no id is in the store (laws 18, 85 and 113)", async () => {
  using before = await start("connect-redis");
  using first = await start("1");
  const cookies = await Promise.all(Array.from({ length: SESSIONS }, () => enter(before.url)));
  const idle = await Promise.all(Array.from({ length: IDLE }, () => enter(before.url)));
  const traffic = new Traffic(cookies);

  // connect-redis overwrites what others write meanwhile, so each takes its turn.
  await traffic.visit([before]);
  await traffic.visit([first]);
  await traffic.signOut(first, [before]);
  await traffic.visit([before]);
  before[Symbol.dispose]();

  using second = await start("2");
  await traffic.run([first, second]);
  await traffic.run([second, first]);
  first[Symbol.dispose]();
  using another = await start("2");
  await traffic.run([second, another]);

  expect(await sweep()).toBe(IDLE);
  second[Symbol.dispose]();
  await passTime(server, 61_000); // for which an end leaves a mark
  using last = await start("3");
  await traffic.run([last, another]);
  another[Symbol.dispose]();
  await traffic.run([last]);

  await traffic.expectAllKept(last);
  const dump = await dumpOf();
  for (const cookie of idle) expect(await sessionOf(last.url, cookie)).toHaveProperty("visits", 1);
  for (const cookie of [...cookies, ...idle]) expect(dump).not.toContain(idIn(cookie));
  expect(dump.match(/^hashed:/gm)).toHaveLength(SESSIONS - traffic.ended.size + IDLE);
  expect(dump).not.toMatch(/^sess:/m);
  console.info(
    `${SESSIONS} sessions of connect-redis moved, ${traffic.ended.size} of them ended meanwhile: 0 of ${traffic.visits} visits lost, nobody signed out or back in`,
  );
}, 120_000);

/** People with sessions, some of whom sign out. */
class Traffic {
  readonly #cookies: readonly string[];
  /** The cookies of those who have signed out. */
  readonly ended = new Set<string>();
  visits = 0;
  /** By name, how often each member of the sessions was counted up. */
  readonly #counted = new Map<string, number>();
  #rounds = 0;

  constructor(cookies: readonly string[]) {
    this.#cookies = cookies;
  }

  /** Visits in all processes at once, while some sign out in the first one. */
  async run(applications: readonly [Application, ...Application[]]): Promise<void> {
    await Promise.all([this.signOut(applications[0], applications), this.visit(applications)]);
  }

  /** Every session that is there is used in each process at the same time. */
  async visit(applications: readonly Application[]): Promise<void> {
    this.#rounds += 1;
    const live = this.#live;
    await Promise.all(
      applications.map(async ({ url }, place) => {
        const member = `round-${this.#rounds}-${place}`;
        this.#counted.set(member, VISITS);
        for (let count = 0; count < VISITS; count += 1) {
          await Promise.all(live.map((cookie) => post(url, `/add/${member}`, cookie)));
          this.visits += live.length;
        }
      }),
    );
  }

  /** Those who have signed out in one process are strangers in all of them. */
  async signOut({ url }: Application, applications: readonly Application[]): Promise<void> {
    const leaving = this.#live.slice(0, SIGN_OUTS);
    for (const cookie of leaving) this.ended.add(cookie);
    await Promise.all(leaving.map((cookie) => post(url, "/leave", cookie)));
    await this.#expectEnded(applications);
  }

  async expectAllKept(application: Application): Promise<void> {
    await this.#expectEnded([application]);
    for (const cookie of this.#live) {
      const { visits, cookie: _, ...members } = await sessionOf(application.url, cookie);
      expect(visits).toBe(1);
      expect(members).toEqual(Object.fromEntries(this.#counted));
    }
  }

  get #live(): string[] {
    return this.#cookies.filter((cookie) => !this.ended.has(cookie));
  }

  async #expectEnded(applications: readonly Application[]): Promise<void> {
    for (const cookie of this.ended) {
      for (const { url } of applications) expect(await sessionOf(url, cookie)).not.toHaveProperty("visits");
    }
  }
}

async function start(step: string): Promise<Application> {
  const isBefore = step === "connect-redis";
  const script = isBefore ? "./application.child.ts" : "./hashed-keys.child.ts";
  const env = { REDIS_URL: server.url, ...(isBefore ? { STORE: step } : { STEP: step }) };
  const running = startProcess(new URL(script, import.meta.url), env);
  return { ...running, url: await running.next<string>() };
}

function idIn(cookie: string): string {
  return /s:([^.]+)\./.exec(decodeURIComponent(cookie))?.[1] ?? "";
}

/** Moves what nobody has used, as docs/hashed-keys.md does. Gives the number of sessions. */
async function sweep(): Promise<number> {
  await using plain = createRedisHandler(server.url);
  const moving = withMigration(plain, withHashedKeys(plain));
  const keys = (await idsOf(plain)).filter((key) => key.startsWith("sess:"));
  for (const key of keys) await moving.read(key, { ttlSeconds: 86_400 });
  return keys.length;
}

/** All keys and values, a line each. */
async function dumpOf(): Promise<string> {
  const keys = (await server.command("keys", "*")) as string[]; // as the command replies
  const values = await Promise.all(keys.map((key) => server.command("get", key)));
  return keys.map((key, place) => `${key}\n${values[place]}`).join("\n");
}
