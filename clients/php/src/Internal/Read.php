<?php

declare(strict_types=1);

namespace Understudy\Client\Internal;

/**
 * Tolerant reading of decoded JSON: a value of another type than expected becomes the empty one, never a TypeError, so
 * that a newer server does not break an older client.
 *
 * @internal
 */
final class Read
{
    public static function string(mixed $value, string $default = ''): string
    {
        return self::nullableString($value) ?? $default;
    }

    public static function nullableString(mixed $value): ?string
    {
        return \is_string($value) ? $value : (\is_int($value) || \is_float($value) ? (string) $value : null);
    }

    public static function int(mixed $value): int
    {
        return self::nullableInt($value) ?? 0;
    }

    public static function nullableInt(mixed $value): ?int
    {
        if (\is_int($value)) {
            return $value;
        }

        return \is_float($value) && $value === floor($value) && abs($value) < 2 ** 62 ? (int) $value : null;
    }

    public static function float(mixed $value): float
    {
        return self::nullableFloat($value) ?? 0.0;
    }

    public static function nullableFloat(mixed $value): ?float
    {
        return \is_int($value) || \is_float($value) ? (float) $value : null;
    }

    public static function bool(mixed $value): bool
    {
        return $value === true;
    }

    public static function nullableBool(mixed $value): ?bool
    {
        return \is_bool($value) ? $value : null;
    }

    public static function nullableTime(mixed $value): ?\DateTimeImmutable
    {
        if (!\is_string($value) || preg_match('/^\d{4}-\d\d-\d\dT/', $value) !== 1) {
            return null;
        }
        try {
            // PHP searches a long list of abbreviations for the Z: written as an offset, a time is read ten times as fast.
            return new \DateTimeImmutable(str_ends_with($value, 'Z') ? substr($value, 0, -1) . '+00:00' : $value);
        } catch (\Exception) {
            return null;
        }
    }

    /** The zero time stands for one that is missing where the API promises one. */
    public static function time(mixed $value): \DateTimeImmutable
    {
        return self::nullableTime($value) ?? new \DateTimeImmutable('@0');
    }

    /** @return array<string, mixed> */
    public static function object(mixed $value): array
    {
        return self::nullableObject($value) ?? [];
    }

    /** @return array<string, mixed>|null */
    public static function nullableObject(mixed $value): ?array
    {
        /** @var array<string, mixed>|null not copied: PHP keeps a name of digits as an int whatever is done */
        $object = \is_array($value) ? $value : null;

        return $object;
    }

    /** @return list<mixed> */
    public static function list(mixed $value): array
    {
        return \is_array($value) ? array_values($value) : [];
    }

    /** @return list<string> */
    public static function strings(mixed $value): array
    {
        return array_values(array_filter(self::list($value), is_string(...)));
    }
}
