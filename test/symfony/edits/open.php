<?php

// Opens two texts of a session as PHP does, before and after an edit, and names what is not as it was.

error_reporting(\E_ALL & ~\E_DEPRECATED);
require_once __DIR__.'/classes.php';

/** Keeps the one session of a request. */
final class OneSession implements SessionHandlerInterface
{
    public bool $isDestroyed = false;

    public function __construct(private string $text)
    {
    }

    public function open(string $path, string $name): bool
    {
        return true;
    }

    public function close(): bool
    {
        return true;
    }

    public function read(string $id): string
    {
        return $this->text;
    }

    public function write(string $id, string $data): bool
    {
        return true;
    }

    public function destroy(string $id): bool
    {
        return $this->isDestroyed = true;
    }

    public function gc(int $seconds): int
    {
        return 0;
    }
}

/** What PHP has in `$_SESSION`, or null if it destroys the session. */
function open(string $text, string $serializer): ?array
{
    ini_set('session.serialize_handler', $serializer);
    ini_set('session.use_strict_mode', '0');
    $handler = new OneSession($text);
    session_set_save_handler($handler, false);
    session_id('0123456789abcdef0123456789abcdef');
    @session_start(['use_cookies' => 0, 'cache_limiter' => '']);
    $session = $_SESSION ?? [];
    if (\PHP_SESSION_ACTIVE === session_status()) {
        session_abort();
    }

    return $handler->isDestroyed ? null : $session;
}

/** The serialized text of each entry with its name, except those that were edited. */
function texts(array $entries, array $edited): array
{
    $texts = [];
    foreach ($entries as $name => $value) {
        if (!in_array((string) $name, $edited, true)) {
            $texts['name '.$name] = serialize($name).serialize($value);
        }
    }

    return $texts;
}

/** Which entries share an object or a variable, except those that were edited. */
function sharing(array $entries, array $edited): array
{
    $groups = [];
    foreach ($entries as $name => $value) {
        if (in_array((string) $name, $edited, true)) {
            continue;
        }
        if (is_object($value)) {
            $groups['object '.spl_object_id($value)][] = $name;
        }
        $reference = ReflectionReference::fromArrayElement($entries, $name);
        if (null !== $reference) {
            $groups['variable '.$reference->getId()][] = $name;
        }
    }

    return array_values(array_filter($groups, static fn (array $names): bool => count($names) > 1));
}

$request = json_decode(file_get_contents('php://input'), true, 512, \JSON_THROW_ON_ERROR);
[$before, $after] = [base64_decode($request['before']), base64_decode($request['after'])];
$old = open($before, $request['serializer']);
$new = open($after, $request['serializer']);
$differences = [];
if (null === $old || null === $new) {
    $differences[] = null === $old ? 'PHP destroys the session before the edit' : 'PHP destroys the session after the edit';
} else {
    $bags = ['_sf2_attributes' => $request['attributes'], '_symfony_flashes' => $request['flashes']];
    $parts = ['' => [$old, $new, [...array_keys($bags), '_sf2_meta']]];
    foreach ($bags as $bag => $edited) {
        $parts[$bag] = [$old[$bag] ?? [], $new[$bag] ?? [], $edited];
    }
    foreach ($parts as $part => [$was, $is, $edited]) {
        if (!is_array($was)) {
            continue;
        }
        $is = is_array($is) ? $is : [];
        if (texts($was, $edited) !== texts($is, $edited)) {
            $differences[] = "a value of $part, or their order";
        }
        if (sharing($was, $edited) !== sharing($is, $edited)) {
            $differences[] = "what values of $part share";
        }
        foreach (texts($was, $edited) as $name => $text) {
            // An object that has a copy before it becomes a reference to the copy.
            $mayMove = $request['hasCopies'] && preg_match('/[;{][OCE]:\d/', $text);
            if (!$mayMove && str_contains($before, $text) && !str_contains($after, $text)) {
                $differences[] = "the bytes of $part $name";
            }
        }
    }
}
header('Content-Type: application/json');
echo json_encode($differences);
