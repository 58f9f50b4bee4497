<?php

// The classes of the recorded sessions without which PHP would not read them. It keeps objects of others as they are.

namespace App;

enum Suit
{
    case Hearts;
    case Spades;
}

enum Status: string
{
    case Active = 'active';
}

enum Level: int
{
    case High = 3;
}

class OldSerializable implements \Serializable
{
    private string $data = '';

    public function serialize(): string
    {
        return $this->data;
    }

    public function unserialize(string $data): void
    {
        $this->data = $data;
    }
}

/** Its values have numbers among those of the session. */
class NestedSerializable implements \Serializable
{
    private mixed $data = null;

    public function serialize(): string
    {
        return serialize($this->data);
    }

    public function unserialize(string $data): void
    {
        $this->data = unserialize($data);
    }
}
