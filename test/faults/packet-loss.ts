import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { findExecutable, installDebianPackages } from "../servers/debian.ts";

const insideMark = "PRIVATE_NETWORK_NAMESPACE";
const killAfterMs = 120_000;

/** Makes sure that this machine has `nft`, and throws an error with the line to type where it may not install it. */
export function obtainNft(): void {
  if (findExecutable("nft") === undefined) installDebianPackages(["nftables"], "sudo apt-get install -y nftables");
}

/** Vitest calls it once before the files of a project that needs it. Where packets cannot be lost, the tests say so. */
export function setup(): void {
  canDropPackets();
}

/** `true`, or the reason in words why packets cannot be lost on this machine. Obtains `nft` where that is allowed. */
export function canDropPackets(): true | string {
  if (process.platform !== "linux") return "Packets can be dropped in a network namespace of Linux only.";
  try {
    obtainNft();
    // Through the real rules, since a kernel may have namespaces but not this kind of filter.
    const [command, ...args] = inNamespace(["sh", "-c", 'printf %s "$1" | "$0" -f -', nft(), dropRules(1, 2)]);
    execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    return true;
  } catch (error) {
    // A command that ran and failed says why on stderr; one that could not be run says so in its message only.
    const said = error instanceof Error && "stderr" in error && error.stderr ? error.stderr : error;
    return `This machine does not let the tests drop packets: ${String(said).trim()}`;
  }
}

/**
 * Runs a TypeScript file with Node in a network namespace of its own, with nothing in it but a loopback interface.
 * Rejects with what it wrote to stderr when it fails. The processes it leaves behind end with it.
 */
export async function runInNetworkNamespace(script: string, env: Record<string, string>): Promise<{ stdout: string }> {
  const [command, ...args] = inNamespace([process.execPath, "--import", "tsx", script]);
  const { stdout } = await promisify(execFile)(command, args, {
    env: { ...process.env, ...env, [insideMark]: "yes" },
    timeout: killAfterMs,
    killSignal: "SIGKILL",
  });
  return { stdout };
}

/**
 * Loses every packet between two TCP ports from now on, in both directions, and no other: one connection dies without a
 * word while new ones work. To be called in a script that `runInNetworkNamespace` runs.
 */
export function dropEstablished(serverPort: number, clientPort: number): void {
  if (process.env[insideMark] !== "yes") {
    throw new Error("Packets are only dropped in a private network namespace, never in the machine's own network.");
  }
  execFileSync(nft(), ["-f", "-"], { input: dropRules(serverPort, clientPort) });
}

/** Lets all packets pass again. */
export function loseNoMore(): void {
  execFileSync(nft(), ["delete", "table", "ip", "packet_loss"]);
}

function nft(): string {
  return findExecutable("nft") ?? "nft";
}

/** At the receiving end, as packets get lost on the way: the sender's own system must not notice and tell it. */
function dropRules(serverPort: number, clientPort: number): string {
  return [
    "add table ip packet_loss",
    "add chain ip packet_loss arriving { type filter hook input priority 0; policy accept; }",
    `add rule ip packet_loss arriving tcp sport ${serverPort} tcp dport ${clientPort} drop`,
    `add rule ip packet_loss arriving tcp sport ${clientPort} tcp dport ${serverPort} drop`,
    "",
  ].join("\n");
}

/** Who is not root needs a user namespace around it. The process namespace is there to end what the command started. */
function inNamespace(command: readonly string[]): [string, ...string[]] {
  const user = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const ip = findExecutable("ip") ?? "ip";
  const loopbackUp = ["sh", "-c", '"$0" link set lo up && exec "$@"', ip];
  return ["unshare", ...user, "--net", "--pid", "--fork", "--kill-child", ...loopbackUp, ...command];
}
