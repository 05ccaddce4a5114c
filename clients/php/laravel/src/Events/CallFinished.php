<?php

declare(strict_types=1);

namespace Understudy\Laravel\Events;

use Understudy\Client\CallRecord;

/** A call to Understudy is over: for metrics and debugging tools. Holds no key, no text and no body. */
final class CallFinished
{
    /** @param string $connection its name in the configuration */
    public function __construct(
        public readonly string $connection,
        public readonly CallRecord $call,
    ) {
    }
}
