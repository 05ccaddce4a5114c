<?php

declare(strict_types=1);

namespace Understudy\Client;

/** Is told of every call when it is over: for profilers, metrics and traces. Must not throw. */
interface Observer
{
    /** The call is over. */
    public function observed(CallRecord $call): void;
}
