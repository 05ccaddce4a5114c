<?php

declare(strict_types=1);

namespace Understudy\Client\Internal;

/**
 * Keeps an object where dumps do not walk: it, or what it leads to, holds a credential.
 *
 * @template T of object
 *
 * @internal
 */
final class Hidden
{
    /** @var \WeakMap<self<object>, object>|null */
    private static ?\WeakMap $values = null;

    /** @param T $value */
    public function __construct(object $value)
    {
        self::$values ??= new \WeakMap();
        self::$values[$this] = $value;
    }

    /** @return T */
    public function value(): object
    {
        /** @var T $value */
        $value = self::$values[$this] ?? throw new \LogicException('what is hidden cannot be copied');

        return $value;
    }

    private function __clone()
    {
    }
}
