<?php

// One request of a Symfony application, whose steps the query names: what it does with its session, and where it waits.

use Symfony\Component\HttpFoundation\Session\Session;
use Symfony\Component\HttpFoundation\Session\Storage\Handler\MemcachedSessionHandler;
use Symfony\Component\HttpFoundation\Session\Storage\Handler\RedisSessionHandler;
use Symfony\Component\HttpFoundation\Session\Storage\MetadataBag;
use Symfony\Component\HttpFoundation\Session\Storage\NativeSessionStorage;

require_once 'Symfony/Component/HttpFoundation/autoload.php';

set_error_handler(static fn (int $level, string $message) => throw new ErrorException($message));

$redis = static function (): Redis {
    $client = new Redis();
    $client->connect('127.0.0.1', (int) getenv('REDIS_PORT'));

    return $client;
};
$memcached = static function (): Memcached {
    $client = new Memcached();
    $client->addServer('127.0.0.1', (int) getenv('MEMCACHED_PORT'));

    return $client;
};

foreach ($_GET['ini'] ?? [] as $name => $value) {
    ini_set($name, $value);
}
$handler = match ($_GET['handler']) {
    'RedisSessionHandler' => new RedisSessionHandler($redis()),
    'MemcachedSessionHandler' => new MemcachedSessionHandler($memcached()),
    'php.ini' => null,
};
$metadata = new MetadataBag('_sf2_meta', (int) ($_GET['threshold'] ?? 0));
$session = new Session(new NativeSessionStorage([], $handler, $metadata));
$session->start();

$results = [];
foreach ($_GET['steps'] ?? [] as $step) {
    [$action, $name, $value] = explode(':', $step) + ['', '', ''];
    $results[] = match ($action) {
        'get' => $session->get($name),
        'set' => $session->set($name, (int) $value),
        'increment' => $session->set($name, $session->get($name) + 1),
        'migrate' => $session->migrate(true),
        'invalidate' => $session->invalidate(),
        'wait' => waitAt($name, $redis()),
    };
}
$session->save();
header('Content-Type: application/json');
echo json_encode(['id' => $session->getId(), 'results' => $results]);

/** Says that the request has come to this place, and waits until it may go on. */
function waitAt(string $place, Redis $control): bool
{
    $control->select(1);
    $control->rPush("$place:reached", '1');
    if ([] === $control->blPop(["$place:open"], 20)) {
        throw new RuntimeException('Nobody has let the request go on.');
    }

    return true;
}
