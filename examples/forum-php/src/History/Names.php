<?php

declare(strict_types=1);

namespace App\History;

/** Names for people who do not exist, the same for the same key. */
final class Names
{
    private const FIRST = ['heron', 'maple', 'copper', 'juniper', 'otter', 'linden', 'pebble', 'saffron', 'willow', 'marten', 'clover', 'harbour', 'thistle', 'ember', 'plover', 'quarry', 'sorrel', 'tinker', 'umber', 'velvet', 'wren', 'yarrow', 'zephyr', 'birch'];

    public static function of(string $key): string
    {
        $number = crc32($key);

        return self::FIRST[$number % \count(self::FIRST)] . '-' . (100 + intdiv($number, 24) % 900);
    }
}
