import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPhpServer } from "../php-server.ts";

const script = join(import.meta.dirname, "../../../examples/symfony/php/public/index.php");

/** The Symfony application of the examples, without its chat. */
export interface SymfonyApplication extends AsyncDisposable {
  /** Signs in through the form, and returns the id of the session. */
  signIn(name: string): Promise<string>;
  /** Asks for the page of those who are signed in, and returns the name in its greeting, or `undefined` for anybody else. */
  greetingOf(id: string): Promise<string | undefined>;
  signOut(id: string): Promise<void>;
}

/** Starts it with its sessions in a Redis. */
export async function startSymfonyApplication(redisUrl: string): Promise<SymfonyApplication> {
  const folder = await mkdtemp(join(tmpdir(), "symfony-"));
  const environment = {
    APP_SECRET: "a secret of tests",
    APP_CACHE_DIR: folder,
    APP_LOG_DIR: folder,
    REDIS_URL: redisUrl,
    CHAT_PORT: "1",
  };
  const settings = { "session.serialize_handler": "php" };
  const { url, ...server } = await startPhpServer({ script, environment, settings });
  return {
    async signIn(name) {
      const form = await fetch(`${url}/sign-in`);
      const fields = { _username: name, _password: name, _csrf_token: tokenIn(await form.text()) };
      return idIn(await post(`${url}/sign-in`, idIn(form), fields));
    },
    async greetingOf(id) {
      const response = await fetch(url, { headers: cookieOf(id), redirect: "manual" });
      const page = await response.text();
      return response.status === 200 ? /id="greeting">(.*?)</s.exec(page)?.[1] : undefined;
    },
    async signOut(id) {
      const page = await fetch(url, { headers: cookieOf(id) });
      await post(`${url}/sign-out`, id, { _csrf_token: tokenIn(await page.text()) });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function post(url: string, id: string, fields: Record<string, string>): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: cookieOf(id),
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  await response.text();
  if (response.status !== 302) throw new Error(`Symfony has answered a form with ${response.status}.`);
  return response;
}

function cookieOf(id: string): { Cookie: string } {
  return { Cookie: `PHPSESSID=${id}` };
}

function idIn(response: Response): string {
  const [, id] = /PHPSESSID=([^;]+)/.exec(response.headers.get("set-cookie") ?? "") ?? [];
  if (id === undefined) throw new Error("Symfony has set no session cookie.");
  return id;
}

function tokenIn(page: string): string {
  return /name="_csrf_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
}
