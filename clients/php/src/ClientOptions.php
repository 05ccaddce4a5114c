<?php

declare(strict_types=1);

namespace Understudy\Client;

use Psr\Log\LoggerInterface;
use Understudy\Client\Breaker\BreakerStorage;

/** How a client behaves. Every value has a default that suits a call within a web request. */
final class ClientOptions
{
    /**
     * @param float               $timeout          seconds that one attempt may take
     * @param float               $totalTimeout     seconds that a call may take with all repeats and waits
     * @param int                 $maxRetries       repeats after the first attempt
     * @param float               $retryBase        seconds; bound of the wait before the first repeat, doubling
     * @param float               $retryCap         seconds; largest bound of the wait before a repeat
     * @param Fallback            $fallback         of predictions that cannot be answered
     * @param int                 $breakerThreshold failures in a row that open the breaker; 0: no breaker
     * @param float               $breakerCooldown  seconds that an open breaker waits before it lets one call try
     * @param BreakerStorage|null $breakerStorage   where the breaker's state is kept; null: APCu, else this process
     * @param int                 $concurrency      requests that predictMany() has on the wire at once
     * @param string              $userAgent        put before ours
     * @param LoggerInterface|null $logger          repeats, fallbacks and failures; never a key, an input or a body
     * @param Observer|null       $observer         is told of every call when it is over
     */
    public function __construct(
        public readonly float $timeout = 10.0,
        public readonly float $totalTimeout = 30.0,
        public readonly int $maxRetries = 3,
        public readonly float $retryBase = 0.25,
        public readonly float $retryCap = 8.0,
        public readonly Fallback $fallback = Fallback::Throw,
        public readonly int $breakerThreshold = 5,
        public readonly float $breakerCooldown = 10.0,
        public readonly ?BreakerStorage $breakerStorage = null,
        public readonly int $concurrency = 4,
        public readonly string $userAgent = '',
        public readonly ?LoggerInterface $logger = null,
        public readonly ?Observer $observer = null,
    ) {
        if ($timeout <= 0 || $totalTimeout <= 0) {
            throw new \InvalidArgumentException('time limits are more than 0 seconds');
        }
        if ($maxRetries < 0 || $retryBase < 0 || $retryCap < 0 || $breakerThreshold < 0 || $breakerCooldown < 0) {
            throw new \InvalidArgumentException('retries and breaker have no negative values');
        }
        if ($concurrency < 1) {
            throw new \InvalidArgumentException('concurrency is at least 1');
        }
        if (preg_match('/[^\x20-\x7e]/', $userAgent) === 1) {
            throw new \InvalidArgumentException('userAgent is visible ASCII');
        }
    }
}
