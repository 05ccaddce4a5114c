<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 403: the key lacks the scope. */
final class PermissionDenied extends UnderstudyException
{
}
