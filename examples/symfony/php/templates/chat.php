    <header>
      <h1>Hello, <bdi id="greeting"><?= $escape($name) ?></bdi></h1>
      <form method="post" action="/sign-out">
        <input type="hidden" name="_csrf_token" value="<?= $escape($token) ?>">
        <button>Sign out</button>
      </form>
    </header>
    <p class="quiet">Symfony has written this page, and the greeting. Everything below goes over a socket to Node.</p>
    <p id="connection" role="status" data-state="connecting" data-port="<?= $chatPort ?>">
      <span>Connecting…</span> <a href="/" hidden>Reload</a>
    </p>
    <main>
      <ol id="messages" role="log" aria-label="Messages"></ol>
      <form id="say">
        <label>Message <input name="text" required maxlength="1000" autocomplete="off" autofocus></label>
        <button class="primary">Send</button>
      </form>
      <form id="rename">
        <label>Your name <input name="name" value="<?= $escape($name) ?>" required maxlength="40"></label>
        <button>Save</button>
      </form>
      <p id="notice" role="status"></p>
    </main>
    <script type="module" src="/chat.js"></script>
