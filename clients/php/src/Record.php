<?php

declare(strict_types=1);

namespace Understudy\Client;

/** An answer of the server as a readonly value object. Secrets in it are masked wherever it is printed. */
abstract class Record implements \JsonSerializable
{
    /** @param array<string, mixed> $raw */
    public function __construct(private readonly array $raw = [])
    {
    }

    /**
     * As the server sent it, fields that this version does not know included; secrets masked.
     *
     * @return array<string, mixed>
     */
    final public function toArray(): array
    {
        return $this->raw;
    }

    /**
     * Called by json_encode().
     *
     * @return array<string, mixed>
     */
    final public function jsonSerialize(): array
    {
        return $this->raw;
    }

    /** @return array<string, mixed> */
    final public function __debugInfo(): array
    {
        $shown = get_object_vars($this);
        unset($shown['raw']);

        return $shown;
    }

    /**
     * @param array<mixed> $data
     * @param list<string> $paths names, or names joined by dots
     *
     * @return array<string, mixed>
     */
    final protected static function masked(array $data, array $paths): array
    {
        foreach ($paths as $path) {
            [$name, $rest] = explode('.', $path, 2) + [1 => null];
            if ($rest !== null && \is_array($data[$name] ?? null)) {
                $data[$name] = self::masked($data[$name], [$rest]);
            } elseif ($rest === null && isset($data[$name])) {
                $data[$name] = '***';
            }
        }

        return Internal\Read::object($data);
    }
}
