<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 429: too many requests; `retryAfter` says how long to wait. */
final class RateLimited extends UnderstudyException
{
}
