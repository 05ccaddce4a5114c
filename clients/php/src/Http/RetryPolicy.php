<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;
use Understudy\Client\Exception\UnderstudyException;

/** Which failures are worth a repeat, and how long to wait before it. */
final class RetryPolicy
{
    private const STATUS = [408, 429, 502, 503, 504];

    /** Codes that the error catalogue marks as retryable and whose status alone does not say so. */
    private const CODES = ['idempotency_key_in_flight', 'internal_error'];

    public function __construct(
        private readonly float $base,
        private readonly float $cap,
    ) {
    }

    /** Whether the same request may succeed later without being changed. */
    public static function isRetryable(UnderstudyException $failure): bool
    {
        return $failure instanceof ConnectionFailed
            || $failure instanceof TimeLimitExceeded
            || \in_array($failure->problem->status, self::STATUS, true)
            || \in_array($failure->problem->code, self::CODES, true);
    }

    /**
     * Seconds to wait before repeat number `$repeat` (1, 2, …): full jitter over an exponential bound (Brooker,
     * "Exponential Backoff and Jitter", 2015). What the server asked for is a floor, with jitter on top, so that a crowd
     * that was told the same second does not come back as a crowd.
     */
    public function pause(int $repeat, ?float $retryAfter, float $random): float
    {
        $bound = min($this->cap, $this->base * 2 ** ($repeat - 1));

        return ($retryAfter ?? 0.0) + $random * $bound;
    }

    /** Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3: delta or date); null when absent or malformed. */
    public static function retryAfter(?string $header, float $now): ?float
    {
        if ($header === null) {
            return null;
        }
        $value = trim($header);
        if (preg_match('/^\d{1,9}$/D', $value) === 1) {
            return (float) $value;
        }
        $date = \DateTimeImmutable::createFromFormat('D, d M Y H:i:s \G\M\T', $value, new \DateTimeZone('UTC'));

        return $date === false ? null : max(0.0, $date->getTimestamp() - $now);
    }
}
