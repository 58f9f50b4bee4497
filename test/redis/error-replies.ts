import type { SessionErrorCode } from "sessionwire";

/** An error as servers and proxies say it, and what it means. */
export type SaidError = readonly [text: string, code: SessionErrorCode];

/** The errors as a server says them of a command that stands alone. Those in scripts were heard of Redis 7 and 8 and of Valkey 8 and 9. */
const bare: readonly SaidError[] = [
  ["READONLY You can't write against a read only replica.", "read-only"],
  ["OOM command not allowed when used memory > 'maxmemory'.", "overloaded"],
  ["BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", "overloaded"],
  ["MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", "overloaded"],
  ["NOREPLICAS Not enough good replicas to write.", "overloaded"],
  ["LOADING Redis is loading the dataset in memory", "unavailable"],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "unavailable"],
  ["CLUSTERDOWN Hash slot not served", "unavailable"],
  ["TRYAGAIN Multiple keys request during rehashing of slot", "unavailable"],
  ["MOVED 7572 127.0.0.1:1", "unavailable"],
  ["ASK 7572 127.0.0.1:1", "unavailable"],
  ["NOAUTH Authentication required.", "unauthorized"],
  ["WRONGPASS invalid username-password pair or user is disabled.", "unauthorized"],
  ["NOPERM User app has no permissions to run the 'set' command", "unauthorized"],
  ["DENIED Redis is running in protected mode because protected mode is enabled", "unauthorized"],
  ["WRONGTYPE Operation against a key holding the wrong kind of value", "corrupt"],
  ["Key should be of string type if conditions are specified", "corrupt"],
  ["ACL failure in script: User app has no permissions to run the 'set' command", "unauthorized"],
  ["The user executing the script can't run this command or subcommand", "unauthorized"],
  [
    "The user executing the script can't access at least one of the keys mentioned in the command arguments",
    "unauthorized",
  ],
  ["max number of clients reached", "overloaded"],
];

const ways: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `ERR ${text}`, // ElastiCache Serverless, and other proxies
  (text) => `${text} script: 2597e0576dd54eb42864e3a1b8392b96e018bcc3, on @user_script:1.`, // Redis 7 and 8, Valkey 7 and 8
  (text) => `ERR ${text} script: on @user_script:1.`, // Valkey 9
  (text) => `ERR Error running script (call to f_2597e0576dd54eb42864e3a1b8392b96e018bcc3): @user_script:5: ${text}`, // Redis 6
  (text) => `ERR Error running script (call to f_2597e05): @user_script:5: @user_script: 5: -${text}`,
  (text) => `ERR user_script:5: ${text} script: f_2597e05, on @user_script:5.`, // as Upstash repeats it
];

/** Every error, in front of which and behind which may stand what servers put there. */
export const saidErrors: readonly SaidError[] = bare.flatMap(([text, code]) =>
  ways.map((say): SaidError => [say(text), code]),
);

/** Errors of what stands between a client and the store, which cannot know what became of a command. */
export const doubtfulErrors: readonly string[] = [
  "upstream failure",
  "no upstream host",
  "ERR Connection timed out",
  "ERR upstream request timeout",
  "ERR internal error",
  "Internal Server Error",
  "The service is temporarily unavailable",
];

/** Errors in which a word stands that they do not mean: because it was sent, or is a part of another one. */
export const otherErrors: readonly string[] = [
  "ERR unknown command 'READONLY', with args beginning with: 'OOM ' 'MOVED 1 127.0.0.1:1'",
  "ERR unknown command MOVED 1 127.0.0.1:1",
  "ERR wrong number of arguments for NOAUTH command",
  "ERR READONLYX no word of Redis",
  "ERR value OOM is not an integer or out of range",
  "ERR Error running script (call to f_2597e05): @user_script:5: Unknown command WRONGTYPE called from script",
  "ERR unknown command 'GET', with args beginning with: 'timeout' 'internal'",
  "ERR syntax error",
  "EXECABORT Transaction discarded because of previous errors.",
];
