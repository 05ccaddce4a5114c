<?php

declare(strict_types=1);

namespace Understudy\Client\Internal;

/** @internal */
final class Check
{
    public static function callOptions(
        ?float $timeout,
        ?float $totalTimeout,
        ?int $maxRetries,
        ?string $idempotencyKey,
        ?string $traceparent,
        ?string $requestId,
    ): void {
        if (($timeout ?? 1.0) <= 0 || ($totalTimeout ?? 1.0) <= 0) {
            throw new \InvalidArgumentException('time limits are more than 0 seconds');
        }
        if (($maxRetries ?? 0) < 0) {
            throw new \InvalidArgumentException('maxRetries is 0 or more');
        }
        foreach (compact('idempotencyKey', 'traceparent', 'requestId') as $name => $value) {
            if ($value !== null && preg_match('/^[\x21-\x7e]{1,255}$/D', $value) !== 1) {
                throw new \InvalidArgumentException($name . ' is 1 to 255 visible ASCII characters');
            }
        }
    }

    /** A part of a path, encoded; refuses what a router or proxy would read as another path. */
    public static function segment(string $value, string $what): string
    {
        if ($value === '' || $value === '.' || $value === '..') {
            throw new \InvalidArgumentException('the ' . $what . ' is empty or no name');
        }

        return rawurlencode($value);
    }
}
