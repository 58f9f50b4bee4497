import { maxNameLength, maxTextLength } from "./attributes.ts";
import { type Html, html } from "./html.ts";

export interface ChatPage {
  readonly name: string;
  /** A notice that is shown only on this page. */
  readonly notices: readonly string[];
  /** The number of the process that rendered the page, if there are several. */
  readonly process: number | undefined;
  readonly hasTrial: boolean;
}

export function signInPage(notice?: string, name = ""): Html {
  return layout(
    "Sign in",
    html`<main class="card narrow">
      <h1>sessionwire chat</h1>
      ${notice === undefined ? undefined : html`<p class="notice" role="status">${notice}</p>`}
      <p>One session for the pages and for the sockets. Choose a name; open a second tab, and another browser.</p>
      <form method="post" action="/sign-in" class="row">
        <label class="grow">Your name ${nameField(name, html`autofocus`)}</label>
        <label class="grow">A password
          <input name="password" type="password" maxlength="100" autocomplete="current-password" placeholder="optional" />
        </label>
        <button class="primary">Sign in</button>
      </form>
      <p class="quiet">With the same name and the same password, another browser is you as well, and each can end the other's session.</p>
    </main>`,
  );
}

export function errorPage(sentence: string): Html {
  return layout(
    "Error",
    html`<main class="card narrow">
      <h1>sessionwire chat</h1>
      <p role="alert">${sentence}</p>
      <p><a href="/">To the chat</a></p>
    </main>`,
  );
}

export function chatPage({ name, notices, process, hasTrial }: ChatPage): Html {
  return layout(
    "Chat",
    html`<header>
        <h1>Hello, <bdi id="greeting">${name}</bdi></h1>
        <form method="post" action="/sign-out"><button>Sign out</button></form>
      </header>
      ${notices.map((notice) => html`<p class="notice" role="status">${notice}</p>`)}
      <p id="connection" role="status" data-state="connecting">
        <span id="connection-text">Connecting…</span> <span id="countdown" aria-hidden="true"></span>
        <a id="onward" href="/" hidden></a>
      </p>
      <div class="columns">
        <main class="card chat">
          <p id="people" class="quiet">&nbsp;</p>
          <div id="log" role="log" aria-label="Messages" tabindex="0">
            <ol id="messages"></ol>
            <ol id="unsent" aria-label="Being sent"></ol>
          </div>
          <div id="toasts" role="alert"></div>
          <form id="say" class="row">
            <label class="grow"><span class="hidden">Message</span>
              <input
                name="text" required maxlength="${maxTextLength}" autocomplete="off" autofocus placeholder="Write a message"
              />
            </label>
            <button class="primary">Send</button>
          </form>
        </main>
        <aside>${yourName(name)} ${yourSession({ process, hasTrial })} ${sessionsOfUser}</aside>
      </div>
      <script type="module" src="/assets/client.js"></script>`,
  );
}

function yourName(name: string): Html {
  return html`<section class="card">
    <h2>Your name</h2>
    <form id="rename" class="row">
      <label class="grow"><span class="hidden">Name</span> ${nameField(name)}</label>
      <button>Save</button>
    </form>
    <p class="quiet">Saved by the socket. The next page greets you by it.</p>
  </section>`;
}

function yourSession({ process, hasTrial }: Pick<ChatPage, "process" | "hasTrial">): Html {
  return html`<section class="card" aria-labelledby="session-title">
    <h2 id="session-title">Your session</h2>
    <dl>
      <div><dt>Kept in</dt><dd id="backend">…</dd></div>
      <div><dt>Through</dt><dd><ol id="layers"></ol></dd></div>
      ${process === undefined ? undefined : servedBy(process)}
      <div><dt>Open sockets</dt><dd><ul id="sockets"></ul></dd></div>
      <div id="check" hidden>
        <dt>Connection check</dt>
        <dd><ul><li id="answered"></li><li id="ping"></li><li id="reconnection"></li></ul></dd>
      </div>
    </dl>
    <div class="buttons">
      <form id="notice"><button>Leave a notice for the next page</button></form>
      ${hasTrial ? trialButtons : undefined}
    </div>
    ${hasTrial ? trialReport : undefined}
  </section>`;
}

const sessionsOfUser = html`<section class="card" aria-labelledby="sessions-title">
  <h2 id="sessions-title">Your sessions</h2>
  <ul id="sessions"></ul>
  <form id="end-others" class="buttons" hidden><button>End all others</button></form>
</section>`;

function servedBy(process: number): Html {
  return html`<div>
    <dt>Served by</dt>
    <dd>process <span id="page-process">${process}</span> (this page), process <span id="socket-process">…</span> (its socket)</dd>
  </div>`;
}

const trialButtons = html`
  <form id="silence"><button>Silence the connection to Redis</button></form>
  <form id="heal" hidden><button>Cut the silent connections</button></form>`;

const trialReport = html`<p id="trial-report" class="quiet">
  Silent, as behind a firewall that has forgotten it: the connection stays open, and nothing comes through.
</p>`;

function nameField(value: string, more?: Html): Html {
  return html`<input name="name" value="${value}" required maxlength="${maxNameLength}" autocomplete="nickname" ${more} />`;
}

function layout(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – sessionwire</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/style.css" />
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}
