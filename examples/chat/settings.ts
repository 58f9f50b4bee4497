import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { Mistake } from "../explain.ts";

/** What the environment says, and the command line. */
export interface Settings {
  /** A URL of `createSessionHandler`, such as `memory:` or `redis://localhost`. */
  readonly storeAddress: string;
  readonly host: string;
  /** `undefined`: 3000, or the next one that is free. */
  readonly port: number | undefined;
  /** Where browsers see the page when it is behind a proxy, such as `https://chat.example`. */
  readonly origin: string | undefined;
  readonly secret: string;
  /** Whether the secret is one of this run alone, so that nobody's cookie is good after it. */
  readonly isSecretPassing: boolean;
  /** A session that is not used for so long has ended. */
  readonly idleTimeoutSeconds: number;
  /** Without what is there to be looked at: the button that silences the connection. */
  readonly isProduction: boolean;
  /** How many of them share the address. */
  readonly processes: number;
}

/** Throws a `Mistake` for what cannot be used. */
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
    "Several processes need Redis for what they share: SESSION_STORE=redis://localhost npm start -- --processes 2",
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
  throw new Mistake("ORIGIN must be a scheme and a host, and perhaps a port, such as https://chat.example.");
}
