<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** Not sent: the last calls failed, and the breaker waits before it lets one try. */
final class CircuitOpen extends UnderstudyException
{
}
