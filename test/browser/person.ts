import type { Browser, BrowserContext, Page } from "playwright-core";

/** Somebody with a browser of his own, and as many tabs as he likes: they share cookies. */
export interface Person extends AsyncDisposable {
  readonly context: BrowserContext;
  /** What the browser has complained of. */
  readonly complaints: string[];
  open(url: string): Promise<Tab>;
}

/** One tab with the chat. */
export interface Tab {
  readonly page: Page;
  signIn(name: string, password?: string): Promise<void>;
  /** Resolves when the socket is open. */
  connected(): Promise<void>;
  say(text: string): Promise<void>;
  rename(name: string): Promise<void>;
  /** Resolves when this text is somewhere on the page. */
  shows(text: string | RegExp): Promise<void>;
  messages(): Promise<string[]>;
}

/** A browser writes these to its console when a server is away, which is what some tests are about. */
const expected =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to .* failed|503 \(Service/;

export async function openPerson(browser: Browser, options?: { readonly userAgent: string }): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  context.setDefaultTimeout(60_000); // on a machine that has other things to do
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !expected.test(message.text()))
      complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  return {
    context,
    complaints,
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return tabOf(page);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function tabOf(page: Page): Tab {
  const connected = () => page.locator("#connection[data-state=open]").waitFor();
  return {
    page,
    async signIn(name, password = "") {
      await page.fill("input[name=name]", name);
      await page.fill("input[name=password]", password);
      await page.click("text=Sign in >> visible=true");
      await connected();
    },
    connected,
    async say(text) {
      await page.fill("#say input", text);
      await page.click("#say button");
    },
    async rename(name) {
      await page.fill("#rename input", name);
      await page.click("#rename button");
    },
    shows: (text) => page.getByText(text).first().waitFor(),
    messages: () => page.locator("#messages .body").allTextContents(),
  };
}
