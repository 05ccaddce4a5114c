<?php

declare(strict_types=1);

namespace Understudy\Client;

/** What every call takes. Null: as the client is configured. */
final class CallOptions
{
    /**
     * @param float|null  $timeout        seconds that one attempt may take
     * @param float|null  $totalTimeout   seconds that the call may take with all repeats and waits
     * @param int|null    $maxRetries     repeats after the first attempt
     * @param string|null $idempotencyKey of calls that create or decide; default: a random one, the same over repeats
     * @param string|null $traceparent    W3C trace context, passed on as it is
     * @param string|null $requestId      chosen by you, to find the request in the server's log
     */
    public function __construct(
        public readonly ?float $timeout = null,
        public readonly ?float $totalTimeout = null,
        public readonly ?int $maxRetries = null,
        public readonly ?string $idempotencyKey = null,
        public readonly ?string $traceparent = null,
        public readonly ?string $requestId = null,
    ) {
        Internal\Check::callOptions($timeout, $totalTimeout, $maxRetries, $idempotencyKey, $traceparent, $requestId);
    }
}
