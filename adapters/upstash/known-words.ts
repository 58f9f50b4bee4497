/**
 * The parts of an error that may be reported: words and sentences of Upstash, of the Redis behind it, and of `fetch`.
 * All other text may repeat data that was sent, including the token, with and without quotes; and it may come from any
 * intermediary.
 */
export const knownWords: readonly string[] = [
  // The first word of an answer.
  "BUSY",
  "CLUSTERDOWN",
  "ERR",
  "LOADING",
  "MASTERDOWN",
  "MISCONF",
  "NOAUTH",
  "NOPERM",
  "NOREPLICAS",
  "NOSCRIPT",
  "OOM",
  "READONLY",
  "WRONGPASS",
  "WRONGTYPE",
  // Errors of Upstash itself. https://upstash.com/docs/redis/troubleshooting/max_requests_limit and the pages next to
  // it
  "ERR DB capacity quota exceeded",
  "ERR internal error",
  "ERR max concurrent connections exceeded",
  "ERR max daily request limit exceeded.",
  "ERR max request size exceeded.",
  "ERR max requests limit exceeded.",
  "ERR max single record size exceeded.",
  "Forbidden",
  "Internal Server Error",
  "Too Many Requests",
  "Unauthorized",
  "WRONGPASS invalid or missing auth token",
  "WRONGPASS invalid password",
  // Errors of commands and scripts.
  "ERR Error compiling script",
  "ERR Error running script",
  "ERR The bytes did not arrive as they were sent",
  "ERR invalid expire time",
  "ERR syntax error",
  "ERR unknown command",
  "ERR user_script",
  "NOPERM this user has no permissions to run the",
  "OOM command not allowed when used memory > 'maxmemory'.",
  "READONLY You can't write against a read only replica.",
  "The user executing the script can't run this command or subcommand",
  "WRONGTYPE Operation against a key holding the wrong kind of value",
  // Errors of `fetch` about a connection or a request, in Node, Deno, Workers and browsers.
  "Failed to fetch",
  "Load failed",
  "Network connection lost.",
  "NetworkError when attempting to fetch resource.",
  "The 'cache' field on 'RequestInitializerDict' is not implemented.",
  "Too many subrequests",
  "error sending request",
  "fetch failed",
  "other side closed",
  "terminated",
];
