<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;

/** Sends one HTTP request. Follows no redirect, repeats nothing, and does not judge the status. */
interface Transport
{
    /**
     * The reply may still be on its way; then its methods wait.
     *
     * @throws ConnectionFailed|TimeLimitExceeded
     */
    public function send(Request $request): Reply;
}
