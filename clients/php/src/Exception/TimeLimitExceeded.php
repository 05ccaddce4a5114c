<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** No whole answer within the time limit. */
final class TimeLimitExceeded extends UnderstudyException
{
}
