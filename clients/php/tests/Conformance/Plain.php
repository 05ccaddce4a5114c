<?php

declare(strict_types=1);

namespace Understudy\Client\Tests\Conformance;

use Understudy\Client\Decision;
use Understudy\Client\Page;
use Understudy\Client\Record;
use Understudy\Client\Secret;

/** A value of the client as the JSON that it was read from: by its typed properties, and by `raw` for what is unknown. */
final class Plain
{
    public static function of(mixed $value): mixed
    {
        return match (true) {
            $value instanceof Page => ['data' => self::of($value->data), 'next_cursor' => $value->nextCursor],
            $value instanceof Secret => $value->reveal(),
            $value instanceof \DateTimeImmutable => $value->format('Y-m-d\TH:i:s.vp'),
            $value instanceof Record, $value instanceof Decision => self::properties($value) + $value->toArray(),
            \is_object($value) => self::properties($value),
            \is_array($value) => array_map(self::of(...), $value),
            default => $value,
        };
    }

    /** @return array<string, mixed> */
    private static function properties(object $value): array
    {
        $plain = [];
        foreach (get_object_vars($value) as $name => $property) {
            if ($name !== 'raw' && !($value instanceof Decision && $name === 'cause')) {
                $plain[strtolower((string) preg_replace('/([A-Z]|(?<=[a-z])\d)/', '_$1', $name))] = self::of($property);
            }
        }

        return $plain;
    }
}
