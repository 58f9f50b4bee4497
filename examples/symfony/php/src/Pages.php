<?php

namespace App;

use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Security\Core\User\UserInterface;
use Symfony\Component\Security\Csrf\CsrfTokenManagerInterface;
use Symfony\Component\Security\Http\Authentication\AuthenticationUtils;

/** The pages. A name that was set on a socket is an attribute of the session like any other. */
final class Pages
{
    private int $chatPort;
    private CsrfTokenManagerInterface $tokens;

    public function __construct(int $chatPort, CsrfTokenManagerInterface $tokens)
    {
        $this->chatPort = $chatPort;
        $this->tokens = $tokens;
    }

    public function chat(Request $request, UserInterface $user): Response
    {
        return $this->page('chat', [
            'name' => $request->getSession()->get('chat.name', $user->getUserIdentifier()),
            'chatPort' => $this->chatPort,
            'token' => $this->tokens->getToken('logout')->getValue(),
        ]);
    }

    public function signIn(AuthenticationUtils $attempt): Response
    {
        return $this->page('sign-in', [
            'error' => $attempt->getLastAuthenticationError(),
            'name' => $attempt->getLastUsername(),
            'token' => $this->tokens->getToken('authenticate')->getValue(),
        ]);
    }

    private function page(string $template, array $values): Response
    {
        $render = static function (string $template, array $values): string {
            $escape = static fn (string $text): string => htmlspecialchars($text, \ENT_QUOTES | \ENT_SUBSTITUTE);
            extract($values);
            ob_start();
            require dirname(__DIR__).'/templates/'.$template.'.php';

            return ob_get_clean();
        };
        $content = $render($template, $values);
        $policy = "default-src 'self'; connect-src 'self' ws://localhost:{$this->chatPort} ws://127.0.0.1:{$this->chatPort}; frame-ancestors 'none'";

        return new Response($render('layout', ['content' => $content]), 200, ['Content-Security-Policy' => $policy]);
    }
}
