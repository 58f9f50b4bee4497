import { isSessionError } from "sessionwire";
import type { PhpNode, PhpString } from "../../adapters/symfony/php-text/nodes.ts";
import { readSession } from "../../adapters/symfony/php-text/reader.ts";
import type { PhpSerializer, PhpSession } from "../../adapters/symfony/php-text/session.ts";
import { describeSession } from "./meaning.ts";
import type { PhpOracle } from "./oracle.ts";

const LETTER_A = 0x61;

/** How the verdicts of PHP and of the reader compare. */
export type Comparison =
  | "both refuse"
  | "both read the same"
  | "both read it"
  /** Reading depends on a class of PHP, which the text does not contain. */
  | "a class decides"
  /** PHP accepts a session that is no array. */
  | "not an array"
  /** PHP lets the second member take the place of the first, and references follow. */
  | "references and duplicates"
  /** A reference to `$_SESSION` itself, or to a number behind a `C:`. */
  | "references that only PHP can follow"
  | `DIFFERENT: ${string}`;

/** Compares what PHP and the reader make of bytes. Values that are too deep for JSON cannot be described. */
export async function compareVerdicts(
  bytes: Uint8Array,
  serializer: PhpSerializer,
  oracle: PhpOracle,
  { describes = true } = {},
): Promise<Comparison> {
  const [ours, php] = [verdictOn(bytes, serializer), await oracle.decodeSession(bytes, serializer, { describes })];
  if (typeof ours === "string") {
    if (!php.isAccepted) return "both refuse";
    if (serializer === "php_serialize" && bytes[0] !== LETTER_A) return "not an array";
    if (ours.includes("two members")) return "references and duplicates";
    return `DIFFERENT: PHP accepts, but ${ours}`;
  }
  if (await dependsOnClasses(ours, oracle)) return "a class decides";
  if (refersBeyondText(ours)) return "references that only PHP can follow";
  if (!php.isAccepted) return `DIFFERENT: PHP refuses (${php.error ?? "without an error"})`;
  if (!describes) return "both read it";
  const same = JSON.stringify(describeSession(ours)) === JSON.stringify(php.value);
  return same ? "both read the same" : "DIFFERENT: another meaning";
}

/** The session, or the reason why it cannot be read. */
function verdictOn(bytes: Uint8Array, serializer: PhpSerializer): PhpSession | string {
  try {
    return readSession(bytes, serializer);
  } catch (error) {
    if (isSessionError(error) && error.code === "corrupt") return error.message;
    throw error;
  }
}

/** Cases of enumerations, payloads and objects of classes that PHP knows. */
async function dependsOnClasses({ slots }: PhpSession, oracle: PhpOracle): Promise<boolean> {
  if (slots.some((node) => node?.kind === "enum" || node?.kind === "serializable")) return true;
  const names = slots.flatMap((node) => (node?.kind === "object" ? [node.className] : []));
  for (const name of new Set(names.map(latin1Of))) {
    if (name !== "stdClass" && (await oracle.knowsClass(name))) return true;
  }
  return false;
}

function latin1Of(name: PhpString): string {
  return typeof name === "string" ? name : Buffer.from(name).toString("latin1");
}

function refersBeyondText({ references, serializer, slots }: PhpSession): boolean {
  return references.some(({ target }) => serializer === "php_serialize" && target === 1 && isArray(slots[1]));
}

function isArray(node: PhpNode | undefined): boolean {
  return node?.kind === "array";
}
