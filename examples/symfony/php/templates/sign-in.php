    <main class="narrow">
      <h1>Sign in to Symfony</h1>
<?php if ($error) { ?>
      <p class="bad" role="alert"><?= $escape(strtr($error->getMessageKey(), $error->getMessageData())) ?></p>
<?php } ?>
      <p>The people are <b>ann</b> and <b>bob</b>; their passwords are their names.</p>
      <form method="post" action="/sign-in">
        <input type="hidden" name="_csrf_token" value="<?= $escape($token) ?>">
        <label>Name <input name="_username" value="<?= $escape($name) ?>" required autofocus autocomplete="username"></label>
        <label>Password <input name="_password" type="password" required autocomplete="current-password"></label>
        <button class="primary">Sign in</button>
      </form>
    </main>
