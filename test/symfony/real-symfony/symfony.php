<?php

// Lets the session of a real Symfony carry out operations. Each line of the input is a request, and each of the output
// what the handler has stored then, in Base64; null if it has destroyed the session.

use Symfony\Component\HttpFoundation\Session\Attribute\AttributeBag;
use Symfony\Component\HttpFoundation\Session\Flash\AutoExpireFlashBag;
use Symfony\Component\HttpFoundation\Session\Flash\FlashBag;
use Symfony\Component\HttpFoundation\Session\Session;
use Symfony\Component\HttpFoundation\Session\Storage\Handler\AbstractSessionHandler;
use Symfony\Component\HttpFoundation\Session\Storage\MetadataBag;
use Symfony\Component\HttpFoundation\Session\Storage\NativeSessionStorage;

require 'Symfony/Component/HttpFoundation/autoload.php';

error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED & ~E_WARNING);

/** Keeps one session. */
final class OneSession extends AbstractSessionHandler
{
    public function __construct(public ?string $data) {}
    public function close(): bool { return true; }
    public function gc($lifetime): int { return 0; }
    public function updateTimestamp($id, $data): bool { return true; }
    protected function doRead(string $id): string { return $this->data ?? ''; }
    protected function doWrite(string $id, string $data): bool { $this->data = $data; return true; }
    protected function doDestroy(string $id): bool { $this->data = null; return true; }
}

function stored(array $request): ?string
{
    $handler = new OneSession(base64_decode($request['bytes']));
    $options = ['use_cookies' => 0, 'use_strict_mode' => 0, 'serialize_handler' => $request['serializer']];
    $storage = new NativeSessionStorage($options, $handler, new MetadataBag('_sf2_meta', $request['threshold']));
    $session = new Session($storage, new AttributeBag(), $request['expires'] ? new AutoExpireFlashBag() : new FlashBag());
    $session->setId('b3v8k0q1m5n7p2r4s6t9u0a1c2');
    $session->start();
    foreach ($request['operations'] as [$operation, $name, $value]) {
        match ($operation) {
            'set' => $session->set($name, $value),
            'copy' => $session->set($name, $session->get($value)),
            'delete' => $session->remove($name),
            'add' => $session->getFlashBag()->add($name, $value),
            'take' => $session->getFlashBag()->get($name),
        };
    }
    $session->save();

    return $handler->data;
}

while (false !== $line = fgets(STDIN)) {
    try {
        $stored = stored(json_decode($line, true));
        fwrite(STDOUT, json_encode(['stored' => null === $stored ? null : base64_encode($stored)])."\n");
    } catch (Throwable $error) {
        fwrite(STDOUT, json_encode(['error' => get_class($error)])."\n");
        if (PHP_SESSION_ACTIVE === session_status()) session_abort();
    }
}
