import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { Mistake } from "../explain.ts";

/** The settings from the environment and the command line. */
export interface Settings {
  /** A URL of `createSessionHandler`, such as `memory:` or `redis://localhost`. */
  readonly storeAddress: string;
  readonly host: string;
  /** The port; `undefined` for 3000, or the next free one. */
  readonly port: number | undefined;
  /** The public origin of the page if it is behind a proxy, such as `https://chat.example`. */
  readonly origin: string | undefined;
  readonly secret: string;
  /** `true` if the secret is random, so that no cookie outlives this run. */
  readonly isSecretPassing: boolean;
  /** Idle time in seconds after which a session ends. */
  readonly idleTimeoutSeconds: number;
  /** `true` hides the button that silences the connection. */
  readonly isProduction: boolean;
  /** Number of processes that share the address. */
  readonly processes: number;
}

/** Throws a `Mistake` for an unusable setting. */
export function readSettings(environment: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  const { SESSION_STORE, HOST, PORT, ORIGIN, SESSION_SECRET, IDLE_TIMEOUT_SECONDS, NODE_ENV } = environment;
  const storeAddress = SESSION_STORE || "memory:?maxSessions=10000";
  return {
    storeAddress,
    host: HOST || "127.0.0.1",
    port: PORT ? readNumber("PORT", PORT, 0, 65_535) : undefined,
    origin: ORIGIN ? readOrigin(ORIGIN) : undefined,
    secret: SESSION_SECRET || randomBytes(32).toString("base64url"),
    isSecretPassing: !SESSION_SECRET,
    idleTimeoutSeconds: readNumber("IDLE_TIMEOUT_SECONDS", IDLE_TIMEOUT_SECONDS || "1800", 1, 86_400),
    isProduction: NODE_ENV === "production",
    processes: readProcesses(args, storeAddress),
  };
}

function readProcesses(args: readonly string[], storeAddress: string): number {
  const processes = readNumber("--processes", readOption(args), 1, 64);
  if (processes === 1 || /^rediss?[+:]/.test(storeAddress)) return processes;
  throw new Mistake(
    "Several processes need Redis to share their sessions: SESSION_STORE=redis://localhost npm start -- --processes 2",
  );
}

function readOption(args: readonly string[]): string {
  try {
    return parseArgs({ args: [...args], options: { processes: { type: "string", default: "1" } } }).values.processes;
  } catch {
    throw new Mistake("The only option is --processes, with a number: npm start -- --processes 2");
  }
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Mistake(`${name} must be a whole number from ${min} to ${max}.`);
}

function readOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new Mistake("ORIGIN must be a scheme and a host, with an optional port, such as https://chat.example.");
}
