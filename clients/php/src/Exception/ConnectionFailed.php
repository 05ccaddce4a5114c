<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** No connection, or it broke before the answer was whole. */
final class ConnectionFailed extends UnderstudyException
{
}
