import { createMemcachedHandler } from "sessionwire/memcached";
import { createRedisHandler } from "sessionwire/redis";
import { createSessionHandler } from "sessionwire/url";
import { describe, expect, test } from "vitest";

// Nothing is connected to here: what is wrong with a URL is said when the handler is made.

const ways = { createRedisHandler, createSessionHandler } as const;

/** What a way to make a handler makes of a URL: the error, or `undefined` when it takes it. */
async function refusalOf(make: (url: string) => unknown, url: string): Promise<Error | undefined> {
  try {
    const handler = (await make(url)) as AsyncDisposable; // as every way returns one
    await handler[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

describe("a URL is refused at once, in both ways to give one, with a helpful message without the password", () => {
  const encoded = /percent-encoded/;
  test.each<[string, string, RegExp]>([
    ["a bare % in the password", "redis://:100%s3cret@127.0.0.1:1", encoded],
    ["a bare % in the user name", "redis://100%s3cret:x@127.0.0.1:1", encoded],
    ["a bare % before the end of the password", "redis://:s3cret%@127.0.0.1:1", encoded],
    ["a bare @ in the password", "redis://:p@s3cret@127.0.0.1:1", encoded],
    ["a bare / in the password", "redis://:p/s3cret@127.0.0.1:1", encoded],
    ["a bare ? in the password", "redis://:p?s3cret@127.0.0.1:1", encoded],
    ["a bare ? in a password that begins as a port", "redis://user:12?s3cret@127.0.0.1:1", encoded],
    ["a bare ? and & in such a password", "redis://user:12?s3cret&s3cret@127.0.0.1:1", encoded],
    ["two & in such a password", "redis://user:12?s3cret&s3cret&@127.0.0.1:1", encoded],
    ["a bare ? and = in the password", "redis://:p?s3=cret@127.0.0.1:1", encoded],
    ["a bare # in the password", "redis://:p#s3cret@127.0.0.1:1", encoded],
    ["a blank in the password", "redis://:p s3cret@127.0.0.1:1", encoded],
    ["a line break at the end", "redis://:s3cret@127.0.0.1:1\n", /white space/],
    ["a blank in front", " redis://:s3cret@127.0.0.1:1", /white space/],
    ["quotes around it", '"redis://:s3cret@127.0.0.1:1"', /scheme/],
    ["no scheme", ":s3cret@127.0.0.1:1", /scheme/],
    ["the path of a socket behind redis://", "redis:///run/redis.sock", /redis\+unix:\/\/\/path/],
    ["two slashes before the path of a socket", "redis+unix://run/redis.sock", /three slashes/],
    ["a socket without a path", "redis+unix://", /three slashes/],
    ["a scheme of Valkey's", "valkey://:s3cret@127.0.0.1:1", /redis:/],
    ["no host", "redis://:s3cret@", /host/],
    ["several hosts of one server", "redis://:s3cret@a,b", /redis\+cluster:/],
    ["a host that is none", "redis://:s3cret@a:b:c", /host/],
    ["a database that is no number", "redis://:s3cret@a/x", /database/],
    ["a database that is no number, in the query", "redis://:s3cret@a?db=x", /db/],
    ["two databases", "redis://:s3cret@a/1?db=2", /database/],
    ["a database of a Cluster", "redis+cluster://:s3cret@a?db=1", /"db"/],
    ["an option of sentinels without one", "redis://a?sentinelPassword=s3cret", /"sentinelPassword"/],
    ["an option by which a command is sent again", "redis://:s3cret@a?maxRetriesPerRequest=20", /maxRetriesPerRequest/],
    ["an address family that there is not", "redis+sentinel://:s3cret@a/main?family=5", /family/],
    ["an option twice", "redis://:s3cret@a?prefix=a:&prefix=b:", /"prefix"/],
    ["a + in an option, which is a blank in forms", "redis+sentinel://a/main?sentinelPassword=p+s3cret", /%2B/],
    ["a bare % in an option", "redis+sentinel://a/main?sentinelPassword=p%s3cret", encoded],
    ["a deadline that is none", "redis://:s3cret@a?timeoutMs=0", /timeoutMs/],
    ["a prefix that is none", "redis://:s3cret@a?prefix=s3cret", /prefix/],
    ["a port that there is not", "redis+cluster://:s3cret@a:0", /port/],
  ])("%s: %j", async (_, url, words) => {
    for (const make of Object.values(ways)) {
      const error = await refusalOf(make, url);
      expect(error instanceof TypeError || error instanceof RangeError, String(error)).toBe(true);
      expect(error?.message).toMatch(words);
      expect(`${error?.stack} ${JSON.stringify(error)} ${error?.cause}`).not.toMatch(/s3/);
    }
  });
});

describe("a URL is accepted in both ways to give one", () => {
  test.each([
    "redis://localhost",
    "redis://[::1]:6379/3",
    "rediss://app:p%40ss%25@localhost:6380/0?prefix=s:&maxBytes=1000&timeoutMs=500&family=6&keyPrefix=a%20b&connectionName=web",
    "/run/redis.sock",
    "/run/re dis@100%.sock?db=2",
    "redis+unix:///run/redis.sock",
    "redis+unix://app:secret@/run/redis.sock?db=1&keyPrefix=app:",
    "redis+sentinel://app:secret@a,b:26380/main?db=1&sentinelUsername=watch&sentinelPassword=s%2B",
    "rediss+sentinel://a/main",
    "redis+cluster://:secret@a,b:7000?keyPrefix=app:&family=4",
    "rediss+cluster://a , b",
  ])("%s", async (url) => {
    for (const make of Object.values(ways)) expect(await refusalOf(make, url)).toBeUndefined();
  });

  test("which may be an object", async () => {
    for (const make of Object.values(ways)) {
      await using handler = await make(new URL("redis://:p%25@localhost:6379/1"));
      expect(handler.close).toBeTypeOf("function");
    }
  });
});

describe("a URL of Memcached", () => {
  const memcachedWays = [createMemcachedHandler, createSessionHandler];

  test.each(["memcached://localhost", "memcached://user:p%40ss@a:1,[::1]:2?prefix=s:&timeoutMs=500", "memcached://a/"])(
    "is accepted in both ways to give one: %s",
    async (url) => {
      for (const make of memcachedWays) expect(await refusalOf(make, url)).toBeUndefined();
    },
  );

  test.each([
    ["a bare % in the password", "memcached://user:100%s3cret@a", /percent-encoded/],
    ["a bare @ in the password", "memcached://user:p@s3cret@a", /percent-encoded/],
    ["a bare / in the password", "memcached://user:p/s3cret@a", /percent-encoded/],
    ["a password without a user", "memcached://:s3cret@a", /both/],
    ["a user without a password", "memcached://s3cret@a", /both/],
    ["a line break at the end", "memcached://user:s3cret@a\n", /white space/],
    ["an option of another store", "memcached://user:s3cret@a?db=1", /"db"/],
    ["a path", "memcached://user:s3cret@a/1", /no path/],
  ])("is refused by both: %s", async (_, url, words) => {
    for (const make of memcachedWays) {
      const error = await refusalOf(make, url);
      expect(error).toBeInstanceOf(TypeError);
      expect(error?.message).toMatch(words);
      expect(`${error?.stack} ${JSON.stringify(error)} ${error?.cause}`).not.toMatch(/s3/);
    }
  });
});

test("an option is in the URL or beside it, and not in both places", () => {
  const urls = ["redis://a?prefix=s:", "redis+cluster://a?prefix=s:"];
  for (const url of urls) expect(() => createRedisHandler(url, { prefix: "t:" })).toThrow(TypeError);
  expect(() => createRedisHandler("redis://a?timeoutMs=500", { timeoutMs: 500 })).toThrow(TypeError);
  expect(() => createMemcachedHandler("memcached://a?maxBytes=500", { maxBytes: 500 })).toThrow(TypeError);
});

describe("an option of a client that ioredis would ignore is named, with the intended one", () => {
  test.each([
    ["hostname", "host"],
    ["server", "host"],
    ["uri", "URL"],
    ["url", "URL"],
    ["connectionString", "URL"],
    ["user", "username"],
    ["pass", "password"],
    ["pwd", "password"],
    ["auth", "password"],
    ["database", "db"],
    ["socket", "path"],
    ["ssl", "tls"],
    ["prefix", "keyPrefix"],
    ["startupNodes", "Cluster"],
  ])("%s: %s", (name, meant) => {
    const make = () => createRedisHandler({ host: "127.0.0.1", [name]: "s3cret" });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(new RegExp(`"${name}".*\\b${meant}\\b`));
    expect(make).not.toThrow(/s3/);
  });

  test("a misspelled one is named", () => {
    // @ts-expect-error: what a program without types could pass
    expect(() => createRedisHandler({ passwrod: "s3cret" })).toThrow(/"passwrod"/);
  });

  test.each(["redis://:s3cret@127.0.0.1", "127.0.0.1 ", "s3cret@127.0.0.1", "s3cret/1"])(
    "an invalid host is refused, and not looked up: %j",
    (host) => {
      for (const source of [{ host }, { host, port: 6379, password: "s3cret" }]) {
        const make = () => createRedisHandler(source);
        expect(make).toThrow(TypeError);
        expect(make).not.toThrow(/s3/);
      }
    },
  );
});
