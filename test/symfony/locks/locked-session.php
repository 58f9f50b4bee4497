<?php
// Uses one session over and over, as the requests of a browser do. Arguments: the style of locks, the port of the
// store, the session id, and what to do: `count TIMES`, or `hold` until a line comes in.

[, $style, $port, $id, $mode] = $argv;
ini_set('session.use_cookies', '0');
ini_set('session.cache_limiter', '');
ini_set('session.serialize_handler', 'php');
ini_set('session.use_strict_mode', '0');
$warnings = [];
set_error_handler(function ($code, $message) use (&$warnings) {
    $warnings[] = $message;
    return true;
});

/** SncRedisBundle's handler before its version 4, as far as locks are concerned. */
final class SncHandler implements SessionHandlerInterface
{
    private ?string $token = null;

    public function __construct(private Redis $redis)
    {
    }

    public function open(string $path, string $name): bool
    {
        return true;
    }

    public function read(string $id): string|false
    {
        $this->token = uniqid();
        for ($attempt = 0; !$this->redis->set("session$id.lock", $this->token, ['nx', 'px' => 30001]); ++$attempt) {
            if ($attempt === 2000) {
                return false;
            }
            usleep(15000);
        }
        return $this->redis->get("session$id") ?: '';
    }

    public function write(string $id, string $data): bool
    {
        return $this->redis->setex("session$id", 1440, $data);
    }

    public function close(): bool
    {
        $script = 'if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) else return 0 end';
        $this->redis->eval($script, ['session'.session_id().'.lock', $this->token], 1);
        return true;
    }

    public function destroy(string $id): bool
    {
        return (bool) $this->redis->del("session$id");
    }

    public function gc(int $lifetime): int|false
    {
        return 0;
    }
}

if ($style === 'memcached') {
    ini_set('session.save_handler', 'memcached');
    ini_set('session.save_path', "127.0.0.1:$port");
    ini_set('memcached.sess_lock_wait_min', '10');
    ini_set('memcached.sess_lock_wait_max', '10');
    ini_set('memcached.sess_lock_retries', '1000');
} elseif ($style === 'phpredis') {
    ini_set('session.save_handler', 'redis');
    ini_set('session.save_path', "tcp://127.0.0.1:$port");
    ini_set('redis.session.locking_enabled', '1');
    ini_set('redis.session.lock_expire', '30');
    ini_set('redis.session.lock_retries', '-1');
    ini_set('redis.session.lock_wait_time', '5000');
} else {
    $redis = new Redis();
    $redis->connect('127.0.0.1', (int) $port);
    session_set_save_handler(new SncHandler($redis), false);
}

function start(string $id): bool
{
    session_id($id);
    return session_start();
}

$failed = 0;
if ($mode === 'count') {
    for ($time = 0; $time < (int) $argv[5]; ++$time) {
        if (!start($id)) {
            ++$failed;
            continue;
        }
        $_SESSION['php'] = ($_SESSION['php'] ?? 0) + 1;
        usleep(random_int(0, 2000));
        $failed += session_write_close() ? 0 : 1;
    }
} else {
    $before = microtime(true);
    $failed = start($id) ? 0 : 1;
    $waited = (int) round(1000 * (microtime(true) - $before));
    echo "started after $waited ms\n";
    fgets(STDIN);
    $_SESSION['php'] = ($_SESSION['php'] ?? 0) + 1;
    $failed += session_write_close() ? 0 : 1;
}
echo json_encode(['failed' => $failed, 'warnings' => array_values(array_unique($warnings))]), "\n";
