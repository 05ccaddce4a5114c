<?php

declare(strict_types=1);

namespace Understudy\Client;

/** How predictMany() works through its items. */
final class BatchOptions
{
    /**
     * @param int           $size        items a request, 1…1000
     * @param int|null      $concurrency requests on the wire at once; null: as the client is configured
     * @param bool          $explain     ask for what spoke for each label
     * @param Fallback|null $fallback    null: as the client is configured
     * @param CallOptions|null $call     of each request; an idempotency key gets the batch's number behind it
     */
    public function __construct(
        public readonly int $size = 250,
        public readonly ?int $concurrency = null,
        public readonly bool $explain = false,
        public readonly ?Fallback $fallback = null,
        public readonly ?CallOptions $call = null,
    ) {
        if ($size < 1 || $size > 1000) {
            throw new \InvalidArgumentException('a batch has 1 to 1000 items');
        }
        if ($concurrency !== null && $concurrency < 1) {
            throw new \InvalidArgumentException('concurrency is at least 1');
        }
    }
}
