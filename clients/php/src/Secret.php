<?php

declare(strict_types=1);

namespace Understudy\Client;

/**
 * A string that dumps, logs, serialisation and array casts do not show. The value stands outside of the object: what
 * walks over properties (var_dump, var_export, Symfony's VarDumper, debuggers) finds none.
 */
final class Secret implements \JsonSerializable, \Stringable
{
    /** @var \WeakMap<self, string>|null */
    private static ?\WeakMap $values = null;

    public function __construct(
        #[\SensitiveParameter]
        string $value,
    ) {
        self::$values ??= new \WeakMap();
        self::$values[$this] = $value;
    }

    /** The secret itself. Keep it out of logs. */
    public function reveal(): string
    {
        return self::$values[$this] ?? throw new \LogicException('a secret cannot be copied');
    }

    public function __toString(): string
    {
        return '***';
    }

    public function jsonSerialize(): string
    {
        return '***';
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['value' => '***'];
    }

    private function __clone()
    {
    }

    /** @return never */
    public function __serialize(): array
    {
        throw new \LogicException('a secret is not serialised');
    }

    /** @param array<mixed> $data */
    public function __unserialize(array $data): void
    {
        throw new \LogicException('a secret is not unserialised');
    }
}
