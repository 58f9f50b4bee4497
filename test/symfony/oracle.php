<?php

// Answers what PHP makes of bytes, and which bytes it makes of a value. Requests and answers are JSON, each after its
// length in 4 bytes. Values are described as in meaning.ts.

namespace App;

error_reporting(0);
ini_set('memory_limit', '2G');
ini_set('session.use_cookies', '0');
ini_set('session.cache_limiter', '');
ini_set('session.use_strict_mode', '0');

/** Keeps nothing: a session lasts as long as its request. */
class Nothing extends \SessionHandler
{
    public function open(string $path, string $name): bool { return true; }
    public function close(): bool { return true; }
    public function read(string $id): string { return ''; }
    public function write(string $id, string $data): bool { return true; }
    public function destroy(string $id): bool { return true; }
}
session_set_save_handler(new Nothing(), false);

class Closed
{
    public $open;
    protected $guarded;
    private $own;
}

/** Decides itself what is serialized. */
class Own
{
    public array $state = [];
    public function __serialize(): array { return $this->state; }
    public function __unserialize(array $state): void { $this->state = $state; }
}

/** Serializes itself to text. */
class Payload implements \Serializable
{
    public string $text = '';
    public function serialize() { return $this->text; }
    public function unserialize($text) { $this->text = $text; }
}

enum Suit
{
    case Hearts;
    case Spades;
}

function readBytes(int $length): string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $bytes .= fread(STDIN, $length - strlen($bytes));
    }
    return $bytes;
}

function answer(array $request): array
{
    try {
        return match ($request['do']) {
            'unserialize' => unserialized(base64_decode($request['bytes']), $request['describes']),
            'decode' => decoded(base64_decode($request['bytes']), $request['serializer'], $request['describes']),
            'encode' => encoded($request['value'], $request['serializer']),
            'serialize' => ['isAccepted' => true, 'bytes' => base64_encode(serialize((new Builder())->build($request['value'])))],
            'json' => ['isAccepted' => true, 'bytes' => base64_encode(serialize(json_decode($request['text'], true, 512, JSON_THROW_ON_ERROR)))],
            'knows class' => ['isAccepted' => class_exists($request['value'])],
        };
    } catch (\Throwable $error) {
        return ['isAccepted' => false, 'error' => get_class($error)];
    }
}

function unserialized(string $bytes, bool $describes): array
{
    $value = unserialize($bytes);
    if ($value === false && !str_starts_with($bytes, 'b:0;')) {
        return ['isAccepted' => false];
    }
    if (!$describes) {
        return ['isAccepted' => true];
    }
    return ['isAccepted' => true, 'value' => (new Describer())->describe($value), 'bytes' => base64_encode(serialize($value))];
}

function decoded(string $bytes, string $serializer, bool $describes): array
{
    ini_set('session.serialize_handler', $serializer);
    session_start();
    try {
        $_SESSION = [];
        if (!session_decode($bytes)) {
            return ['isAccepted' => false];
        }
        if (!$describes) {
            return ['isAccepted' => true];
        }
        $value = (new Describer())->describe($_SESSION);
        return ['isAccepted' => true, 'value' => $value, 'bytes' => base64_encode(session_encode())];
    } finally {
        session_abort();
    }
}

function encoded(array $items, string $serializer): array
{
    ini_set('session.serialize_handler', $serializer);
    session_start();
    try {
        $_SESSION = [];
        $builder = new Builder();
        foreach ($items as [$key, $item]) {
            $builder->fillMember($_SESSION, keyOf($key), $item);
        }
        return ['isAccepted' => true, 'bytes' => base64_encode(session_encode())];
    } finally {
        session_abort();
    }
}

function keyOf(string $key): int|string
{
    [$kind, $text] = explode(' ', $key, 2);
    return match ($kind) {
        'integer' => (int) $text,
        'string' => $text,
        'bytes' => base64_decode($text),
    };
}

/** Describes a value: objects and shared variables are numbered as they are met. */
class Describer
{
    private array $objects = [];
    private array $variables = [];

    public function describe(mixed $value): array
    {
        return match (true) {
            $value === null => ['null'],
            is_bool($value) => ['boolean', $value],
            is_int($value) => ['integer', (string) $value],
            is_float($value) => ['float', is_nan($value) ? 'nan' : bin2hex(pack('E', $value))],
            is_string($value) => isText($value) ? ['string', $value] : ['bytes', base64_encode($value)],
            is_array($value) => ['array', $this->describeMembers($value, true)],
            $value instanceof \UnitEnum => ['enum', get_class($value), $value->name],
            default => $this->describeObject($value),
        };
    }

    private function describeObject(object $value): array
    {
        $id = spl_object_id($value);
        if (isset($this->objects[$id])) {
            return ['same object', $this->objects[$id][0]];
        }
        $this->objects[$id] = [count($this->objects), $value];
        if ($value instanceof Payload) {
            return ['object', get_class($value)];
        }
        $members = $value instanceof Own ? $value->state : get_mangled_object_vars($value);
        $class = get_class($value);
        if ($value instanceof \__PHP_Incomplete_Class) {
            $class = $members['__PHP_Incomplete_Class_Name'];
            unset($members['__PHP_Incomplete_Class_Name']);
        }
        return ['object', isText($class) ? $class : ['bytes', base64_encode($class)], $this->describeMembers($members, false)];
    }

    private function describeMembers(array $members, bool $isArray): array
    {
        $described = [];
        foreach (array_keys($members) as $key) {
            $described[] = [describeKey($key, $isArray), $this->describeVariable($members, $key)];
        }
        return $described;
    }

    private function describeVariable(array $members, int|string $key): array
    {
        $reference = \ReflectionReference::fromArrayElement($members, $key);
        if ($reference === null) {
            return $this->describe($members[$key]);
        }
        $id = $reference->getId();
        if (isset($this->variables[$id])) {
            return ['same variable', $this->variables[$id]];
        }
        $this->variables[$id] = count($this->variables) + 1;
        return ['variable', $this->variables[$id], $this->describe($members[$key])];
    }
}

function describeKey(int|string $key, bool $isArray): string
{
    if (is_int($key) && $isArray) {
        return "integer $key";
    }
    return isText((string) $key) ? "string $key" : 'bytes ' . base64_encode($key);
}

function isText(string $bytes): bool
{
    return mb_check_encoding($bytes, 'UTF-8');
}

/** Builds a value from its description. */
class Builder
{
    private array $objects = [];
    private array $variables = [];

    public function build(array $described): mixed
    {
        $value = null;
        $this->fill($value, $described);
        return $value;
    }

    public function fill(mixed &$place, array $described): void
    {
        [$kind] = $described;
        if ($kind === 'array') {
            $place = [];
            foreach ($described[1] as [$key, $item]) {
                $this->fillMember($place, keyOf($key), $item);
            }
        } elseif ($kind === 'object') {
            $this->fillObject($place, $described);
        } else {
            $place = $this->scalar($described);
        }
    }

    /** Shares the variable if the member is one that is shared. */
    public function fillMember(array &$members, int|string $key, array $described): void
    {
        $members[$key] = null;
        if ($described[0] === 'same variable') {
            $members[$key] = &$this->variables[$described[1]];
        } elseif ($described[0] === 'variable') {
            $this->variables[$described[1]] = &$members[$key];
            $this->fill($members[$key], $described[2]);
        } else {
            // Filled in its place, it would become a shared variable.
            $value = null;
            $this->fill($value, $described);
            $members[$key] = $value;
        }
    }

    private function fillObject(mixed &$place, array $described): void
    {
        $class = $described[1];
        $object = new $class();
        $this->objects[] = $object;
        $place = $object;
        if ($object instanceof Payload) {
            $object->text = $described[2];
        } elseif ($object instanceof Own) {
            foreach ($described[2] as [$key, $item]) {
                $this->fillMember($object->state, keyOf($key), $item);
            }
        } else {
            $this->fillProperties($object, $described[2]);
        }
    }

    private function fillProperties(object $object, array $members): void
    {
        foreach ($members as [$key, $item]) {
            $parts = explode("\0", (string) keyOf($key));
            $variable = null;
            if ($item[0] === 'same variable') {
                $variable = &$this->variables[$item[1]];
                shareProperty($object, end($parts), $variable);
            } elseif ($item[0] === 'variable') {
                shareProperty($object, end($parts), $variable);
                $this->variables[$item[1]] = &$variable;
                $this->fill($variable, $item[2]);
            } else {
                $this->fill($variable, $item);
                setProperty($object, end($parts), $variable);
            }
            unset($variable);
        }
    }

    private function scalar(array $described): mixed
    {
        return match ($described[0]) {
            'null' => null,
            'integer' => (int) $described[1],
            'float' => $described[1] === 'nan' ? NAN : unpack('E', hex2bin($described[1]))[1],
            'bytes' => base64_decode($described[1]),
            'enum' => constant("$described[1]::$described[2]"),
            'same object' => $this->objects[$described[1]],
            default => $described[1],
        };
    }
}

function setProperty(object $object, string $name, mixed $value): void
{
    $set = function () use ($name, $value) { $this->$name = $value; };
    inScopeOf($object, $set)();
}

function shareProperty(object $object, string $name, mixed &$variable): void
{
    $share = function () use ($name, &$variable) { $this->$name = &$variable; };
    inScopeOf($object, $share)();
}

function inScopeOf(object $object, \Closure $action): \Closure
{
    return \Closure::bind($action, $object, $object instanceof \stdClass ? null : get_class($object));
}

while (($length = fread(STDIN, 4)) !== false && strlen($length) === 4) {
    $request = json_decode(readBytes(unpack('N', $length)[1]), true, 100000);
    $answer = json_encode(answer($request), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES, 100000);
    fwrite(STDOUT, pack('N', strlen($answer)) . $answer);
}
