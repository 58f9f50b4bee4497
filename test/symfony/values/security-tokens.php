<?php

// Writes security-tokens.json: php security-tokens.php > security-tokens.json, with Symfony 5.4 of Debian.

namespace App\Entity;

use Symfony\Component\Security\Core\Authentication\Token;
use Symfony\Component\Security\Core\User\UserInterface;
use Symfony\Component\Security\Guard\Token\PostAuthenticationGuardToken;
use Symfony\Component\Security\Http\Authenticator\Token\PostAuthenticationToken;

error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);

spl_autoload_register(function (string $class): void {
    $file = '/usr/share/php/' . strtr($class, '\\', '/') . '.php';
    if (is_file($file)) {
        require $file;
    } elseif ($class === User::class) {
        defineUser();
    }
});

function defineUser(): void
{
    class User implements UserInterface
    {
        private $id = 7;
        private $email = 'zoë@example.org';
        protected $roles = ['ROLE_EDITOR'];
        private $password = '$2y$13$hash';

        public function getUserIdentifier(): string { return $this->email; }
        public function getUsername(): string { return $this->email; }
        public function getRoles(): array { return ['ROLE_USER']; }
        public function getPassword(): ?string { return $this->password; }
        public function getSalt(): ?string { return null; }
        public function eraseCredentials(): void {}
    }
}

eval('namespace { function trigger_deprecation(...$arguments) {} }');

$user = new User();
$tokens = [
    'UsernamePasswordToken' => new Token\UsernamePasswordToken($user, 'main', ['ROLE_USER']),
    'RememberMeToken' => new Token\RememberMeToken($user, 'main', 's3cr3t'),
    'PreAuthenticatedToken' => new Token\PreAuthenticatedToken($user, 'main', ['ROLE_USER', 'ROLE_X509']),
    'PostAuthenticationToken' => new PostAuthenticationToken($user, 'main', ['ROLE_USER']),
    'PostAuthenticationGuardToken' => new PostAuthenticationGuardToken($user, 'main', ['ROLE_USER']),
    'SwitchUserToken' => new Token\SwitchUserToken(
        $user,
        'main',
        ['ROLE_USER'],
        new Token\UsernamePasswordToken($user, 'main', ['ROLE_ADMIN']),
        '/admin'
    ),
    'AnonymousToken' => new Token\AnonymousToken('s3cr3t', 'anon.', []),
    'named, not authenticated' => new Token\UsernamePasswordToken('alice', 'pw', 'main', []),
];
echo json_encode(array_map('serialize', $tokens), JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
