<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 404 and 410: no such thing in this workspace. */
final class NotFound extends UnderstudyException
{
}
