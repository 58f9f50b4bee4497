import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { createSessionManager, type Session } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, expectTypeOf, test } from "vitest";
import { securityTokenOf } from "../../adapters/symfony/security-token.ts";
import { sessionFixture } from "./fixtures.ts";
import { attributesOf, read } from "./values/read.ts";

/** Tokens of a user whose identifier is the email, as Symfony 5.4 serializes them. */
const tokens: { readonly [name: string]: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, "values/security-tokens.json"), "utf8"),
);
const core = "Symfony\\Component\\Security\\Core\\Authentication\\Token\\";

function tokenIn(stored: unknown, options?: { identifierProperty: string }) {
  return securityTokenOf({ get: (name) => (name === "_security_main" ? stored : undefined) }, "main", options);
}

function tokenOf(name: string) {
  return tokenIn(tokens[name]);
}

/** A text with the lengths of its strings filled in. */
function php(text: string): string {
  return text.replaceAll(/([sO])"(.*?)"/g, (_, letter, content) => `${letter}:${content.length}:"${content}"`);
}

function payload(content: string): string {
  return `C:1:"A":${content.length}:{${content}}`;
}

describe("the token of a signed-in user", () => {
  test.each([
    ["UsernamePasswordToken", core, ["ROLE_USER"]],
    ["RememberMeToken", core, ["ROLE_USER"]],
    ["PreAuthenticatedToken", core, ["ROLE_USER", "ROLE_X509"]],
    ["SwitchUserToken", core, ["ROLE_USER"]],
    ["PostAuthenticationToken", "Symfony\\Component\\Security\\Http\\Authenticator\\Token\\", ["ROLE_USER"]],
    ["PostAuthenticationGuardToken", "Symfony\\Component\\Security\\Guard\\Token\\", ["ROLE_USER"]],
  ])("%s shows who it is", (name, namespace, roles) => {
    expect(tokenOf(name)).toEqual({
      ...{ className: namespace + name, firewall: "main", roles },
      ...{ userIdentifier: "zoë@example.org", userClass: "App\\Entity\\User" },
    });
  });

  test("is found under the name of its firewall, in sessions of Symfony", () => {
    const session = (name: string) => ({ get: (attribute: string) => attributesOf(name)[attribute] });
    const userClass = "Symfony\\Component\\Security\\Core\\User\\InMemoryUser";
    expect(securityTokenOf(session("kernel-login"), "main")).toEqual({
      ...{ className: `${core}UsernamePasswordToken`, firewall: "main", roles: ["ROLE_USER", "ROLE_ADMIN"] },
      ...{ userIdentifier: "alice", userClass },
    });
    expect(securityTokenOf(session("obj-security-token--php_serialize"), "main")?.userIdentifier).toBe(
      "zoë@example.org",
    );
    const switched = session("obj-security-rememberme");
    expect(securityTokenOf(switched, "main")).toMatchObject({ roles: ["ROLE_USER", "ROLE_PREVIOUS_ADMIN"] });
    expect(securityTokenOf(switched, "secured")).toMatchObject({ firewall: "secured", userIdentifier: "bob" });
    expect(securityTokenOf(switched, "other")).toBeUndefined();
  });

  test("shows nothing else, and never changes", () => {
    for (const name of Object.keys(tokens)) {
      expect(inspect(tokenOf(name), { depth: 9, showHidden: true })).not.toMatch(/hash|s3cr3t|EDITOR|pw/);
    }
    const token = tokenOf("RememberMeToken");
    expect(Object.isFrozen(token) && Object.isFrozen(token?.roles)).toBe(true);
  });

  test("may name its user by another property", () => {
    const stored = tokens.RememberMeToken;
    expect(tokenIn(stored, { identifierProperty: "id" })?.userIdentifier).toBe("7");
    expect(() => tokenIn(stored, { identifierProperty: "name" })).toThrow(/no text in name: name the property/);
  });

  test("may be of a class of the application, whose members are not shown", () => {
    const stored = php('O"A":4:{i:0;s"s3cr3t";i:1;s"s3cr3t";i:2;N;i:3;a:4:{i:0;s"bob";i:1;b:1;i:2;N;i:3;a:0:{}}}');
    expect(tokenIn(stored)).toEqual({
      ...{ className: "A", firewall: undefined, roles: undefined, userIdentifier: "bob", userClass: undefined },
    });
    const two = php('O"A":2:{i:0;s"s3cr3t";i:1;a:4:{i:0;s"bob";i:1;b:1;i:2;N;i:3;a:0:{}}}');
    expect(tokenIn(two)?.firewall).toBeUndefined();
  });

  test("may be of a class whose members look like those of Symfony", () => {
    const state = php('a:5:{i:0;s"bob";i:1;b:1;i:2;N;i:3;a:0:{}i:4;a:1:{i:0;s"ROLE_USER";}}');
    const own = (parent: string) => php(`{i:0;s"s3cr3t";i:1;b:1;i:2;N;i:3;${parent}}`);
    const shown = {
      ...{ className: "A", firewall: undefined, roles: ["ROLE_USER"] },
      ...{ userIdentifier: "bob", userClass: undefined },
    };
    expect(tokenIn(`O:1:"A":4:${own(state)}`)).toEqual(shown);
    expect(tokenIn(`O:1:"A":4:${own(`a:3:{i:0;N;i:1;s"main";i:2;${state}}`)}`)).toEqual(shown);
    expect(tokenIn(payload(`a:4:${own(`s:${state.length}:"${state}";`)}`))).toEqual(shown);
  });

  test("may be one of before Symfony 4.3, with text within text and roles that are objects", () => {
    const role = php('O"R":1:{s"\0R\0role";s"ROLE_USER";}');
    const state = php(`a:4:{i:0;O"U":1:{s"\0U\0username";s"zo\u00eb";}i:1;b:1;i:2;a:1:{i:0;${role}}i:3;a:0:{}}`);
    const own = `a:3:{i:0;N;i:1;s:4:"main";i:2;s:${state.length + 1}:"${state.replace('s:3:"zo', 's:4:"zo')}";}`;
    const bytes = new TextEncoder().encode(own).length;
    const name = `${core}UsernamePasswordToken`;
    expect(tokenIn(`C:${name.length}:"${name}":${bytes}:{${own}}`)).toEqual({
      ...{ className: name, firewall: "main", roles: ["ROLE_USER"], userIdentifier: "zoë", userClass: "U" },
    });
  });

  test("may contain bytes that are not UTF-8", () => {
    const token = 'O:1:"A":1:{i:0;a:4:{i:0;s:3:"bob";i:1;b:1;i:2;N;i:3;a:1:{i:0;s:1:"\u00ff";}}}';
    const stored = read(`s:${token.length}:"${token}";`).json;
    expect(tokenIn(stored)?.userIdentifier).toBe("bob");
  });

  test("is read from any session", async () => {
    const handler = createMemoryHandler();
    const { session: data, sessionId } = sessionFixture("kernel-login");
    await handler.write(`sf_s${sessionId}`, data, { replaces: undefined, ttlSeconds: 60 });
    const format = symfonyFormat({ serializer: "php", preset: "symfony-redis" });
    const session = await createSessionManager({ handler, format }).open(sessionId);
    expect(session && securityTokenOf(session, "main")?.userIdentifier).toBe("alice");
    const use = (session: Session, typed: Session<{ count: number }>) => [
      securityTokenOf(session, "main"),
      securityTokenOf(typed, "main"),
    ];
    expectTypeOf(use).toBeFunction();
  });
});

describe("nobody is signed in", () => {
  test.each([
    ["without a token", undefined],
    ["with null instead of a token", "N;"],
    ["with the token of an anonymous user", tokens.AnonymousToken],
    ["with a token that is not authenticated", tokens["named, not authenticated"]],
    ["with a token without a user", 'O:1:"A":1:{i:0;a:4:{i:0;N;i:1;b:1;i:2;N;i:3;a:0:{}}}'],
  ])("%s", (_, stored) => {
    expect(tokenIn(stored)).toBeUndefined();
  });
});

describe("an unknown form is an error, which quotes nothing:", () => {
  test.each<[string, unknown]>([
    ["plain data", { secret: 1 }],
    ["text that is not of PHP", "secret"],
    ["a text that is cut", tokens.RememberMeToken?.slice(0, -3)],
    ["no object", 'a:1:{i:0;s:6:"secret";}'],
    ["an object without a state", 'O:1:"A":1:{i:0;s:6:"secret";}'],
    ["an object with names", 'O:1:"A":1:{s:6:"secret";a:0:{}}'],
    ["an empty object", 'O:1:"A":0:{}'],
    ["a user that is a list", 'O:1:"A":1:{i:0;a:4:{i:0;a:0:{}i:1;b:1;i:2;N;i:3;a:0:{}}}'],
    ["a role that is a number", 'O:1:"A":1:{i:0;a:5:{i:0;s:1:"a";i:1;b:1;i:2;N;i:3;a:0:{}i:4;a:1:{i:0;i:1;}}}'],
    ["a payload that refers to something", payload('a:4:{i:0;O:1:"U":1:{s:5:"email";r:2;}i:1;b:1;i:2;N;i:3;a:0:{}}')],
  ])("%s", (_, stored) => {
    const error = thrownBy(() => tokenIn(stored));
    expect(error).toMatchObject({ code: "corrupt" });
    expect(inspect(error)).not.toMatch(/secret|s3cr3t/);
  });

  test("arguments of a wrong type are refused", () => {
    expect(() => securityTokenOf({ get: () => undefined }, undefined as never)).toThrow(TypeError);
    expect(() => tokenIn(undefined, { property: "a" } as never)).toThrow(TypeError);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
