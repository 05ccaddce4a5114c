<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 5xx: the server failed or is overloaded. */
final class ServerFailed extends UnderstudyException
{
}
